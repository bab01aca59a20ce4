import * as z from 'zod'
import { AwsError } from '../front/aws-error.ts'

export const StartBuildInput = z.object({
  projectName: z.string(),
  idempotencyToken: z.string().optional(),
  environmentVariablesOverride: z
    .array(z.object({ name: z.string(), value: z.string(), type: z.enum(['PLAINTEXT']).default('PLAINTEXT') }))
    .default([]),
})
export type StartBuildInput = z.infer<typeof StartBuildInput>

/** The one thing the platform's policy lets a caller change. */
const allowedVariable = 'RUN_ID'

/** Refuses what the platform's roles are denied in AWS, where a start-time override would beat the project's own. */
export function checkOverrides(input: Record<string, unknown>): StartBuildInput {
  const given = Object.keys(input).filter((key) => input[key] !== undefined && input[key] !== null)
  const denied = given.filter((key) => !(key in StartBuildInput.shape))
  if (denied.length > 0) throw deny(`overriding ${denied.join(', ')}`)
  const parsed = StartBuildInput.safeParse(input)
  if (!parsed.success) throw new AwsError('InvalidInputException', z.prettifyError(parsed.error))
  const others = parsed.data.environmentVariablesOverride.filter(({ name }) => name !== allowedVariable)
  if (others.length > 0) throw deny(`overriding the variables ${others.map(({ name }) => name).join(', ')}`)
  return parsed.data
}

function deny(what: string): AwsError {
  return new AwsError(
    'AccessDeniedException',
    `User is not authorized to perform: codebuild:StartBuild with ${what}; only ${allowedVariable} may be given.`,
  )
}
