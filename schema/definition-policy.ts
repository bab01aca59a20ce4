import * as z from 'zod'
import { expects, refusal } from './refusal.ts'
import { mapOf } from './text-map.ts'

const role = expects('the ARN of an IAM role, arn:aws:iam::<account>:role/<path><name>')

export const RoleArn = z.string({ error: role }).regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[A-Za-z0-9_+=,.@/-]{1,512}$/, { error: role })

const action = expects('an action such as s3:GetObject or s3:Get*')
const resource = expects('an ARN, or *')
const Action = z.string({ error: action }).regex(/^(?:\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$/, { error: action })
const Resource = z.string({ error: resource }).regex(/^(?:\*|arn:\S{1,2000})$/, { error: resource })
const sid = expects('a Sid of letters and digits')

const oneOrMany = <T extends z.ZodType>(one: T) =>
  z.union([one, z.array(one).min(1, { error: () => 'got an empty list; expected at least one' })])

/** One statement of the generated task role, in IAM's own words. */
const PolicyStatement = z
  .strictObject({
    Sid: z
      .string({ error: sid })
      .regex(/^[A-Za-z0-9]{1,64}$/, { error: sid })
      .optional(),
    Effect: z.enum(['Allow', 'Deny'], { error: expects('Allow or Deny') }),
    Action: oneOrMany(Action),
    Resource: oneOrMany(Resource),
    Condition: mapOf(mapOf(oneOrMany(z.string()))).optional(),
  })
  .superRefine(({ Effect, Action: actions, Resource: resources }, context) => {
    const everything = [actions].flat().some((text) => text === '*') && [resources].flat().some(namesEverything)
    if (Effect !== 'Allow' || !everything) return
    context.addIssue({ code: 'custom', path: ['Action'], message: refusal('* on *', 'actions or resources that are named') })
  })

const namesEverything = (arn: string): boolean => /^(?:\*|arn:(?:aws[a-z-]*|[*?]+)?[:*?/]*)$/.test(arn)

const policyCharacters = 9000

/** IAM's limit for a role's inline policies is 10,240 characters; the rest is Gantry's own. */
export const TaskPolicy = z
  .array(PolicyStatement)
  .refine((statements) => JSON.stringify(statements).length <= policyCharacters, {
    error: () => `got more than ${policyCharacters} characters as JSON; expected at most that: IAM allows a role 10240`,
  })
  .refine(
    (statements) => {
      const sids = statements.flatMap(({ Sid }) => Sid ?? [])
      return new Set(sids).size === sids.length
    },
    { error: () => 'got one Sid twice; expected each once' },
  )
