import * as z from 'zod'
import { expects, refusal, show } from './refusal.ts'
import { mapOf } from './text-map.ts'

const loaders = new Set([
  'NODE_OPTIONS',
  'NODE_PATH',
  'NODE_REPL_EXTERNAL_MODULE',
  'NODE_V8_COVERAGE',
  'OPENSSL_CONF',
  'OPENSSL_ENGINES',
  'OPENSSL_MODULES',
  'GCONV_PATH',
  'GLIBC_TUNABLES',
  'BASH_ENV',
  'PYTHONHOME',
  'PYTHONSTARTUP',
  'PERL5OPT',
  'RUBYOPT',
])

/** What is wrong with the name of an environment variable or secret. */
function variableNameProblem(name: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,255}$/.test(name)) {
    return refusal(show(name), 'a name of letters, digits and _ that does not begin with a digit')
  }
  if (/^GANTRY_/i.test(name)) return refusal(show(name), 'a name without the prefix GANTRY_: it is reserved for the bridge')
  if (/^(?:LD|DYLD)_/.test(name) || loaders.has(name)) {
    return refusal(show(name), 'no loader variable: it would load code into the bridge too', 'Set it inside the start command')
  }
  return undefined
}

const environmentBytes = 32_768
const value = expects('a string')

/** Not secret: shown in plans. */
export const Environment = mapOf(z.string({ error: value }), variableNameProblem).refine(
  (variables) => new TextEncoder().encode(JSON.stringify(variables)).length <= environmentBytes,
  {
    error: () =>
      `got more than ${environmentBytes} bytes in all; expected at most that, so that the task definition stays below AWS's 64 KB`,
  },
)

const arn = expects('the ARN of a Secrets Manager secret or of an SSM parameter, without wildcards')
const secretArn =
  /^arn:aws[a-z-]*:(?:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,512}|ssm:[a-z0-9-]+:\d{12}:parameter\/[A-Za-z0-9/_.-]{1,1011})$/

const jsonKey = expects('a key of 1 to 256 characters without colon')
const versionStage = expects('a staging label such as AWSCURRENT')

const secret = expects('{ arn, jsonKey?, versionStage? } or { managed: true }')

const BoundSecret = z
  .strictObject({
    arn: z.string({ error: arn }).regex(secretArn, { error: arn }),
    jsonKey: z
      .string({ error: jsonKey })
      .regex(/^[^:\p{Cc}]{1,256}$/u, { error: jsonKey })
      .optional(),
    versionStage: z
      .string({ error: versionStage })
      .regex(/^[A-Za-z0-9_/.@+=-]{1,256}$/, { error: versionStage })
      .optional(),
  })
  .superRefine((secret, context) => {
    if (!secret.arn.includes(':ssm:')) return
    for (const field of ['jsonKey', 'versionStage'] as const) {
      if (secret[field] === undefined) continue
      context.addIssue({ code: 'custom', path: [field], message: refusal(show(secret[field]), 'none: SSM parameters have no such part') })
    }
  })

const ManagedSecret = z.strictObject({ managed: z.literal(true, { error: expects('true, or an `arn` instead') }) })

export const Secrets = mapOf(z.union([BoundSecret, ManagedSecret], { error: secret }), variableNameProblem).refine(
  (secrets) => Object.keys(secrets).length <= 64,
  { error: () => 'got more than 64 secrets; expected at most that' },
)
