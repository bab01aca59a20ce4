import * as z from 'zod'
import { expects } from './refusal.ts'
import { isOneLine } from './text-rules.ts'

const commandBytes = 8192

const command = expects('a non-empty string (runs under /bin/sh -c) or a non-empty list of strings (executed as it is)')

/** A string runs under the shell, a list is executed as it is. */
export const Command = z.union(
  [
    z.string({ error: command }).refine((text) => text.trim() !== '', { error: command }),
    z.array(z.string()).refine((argv) => argv[0] !== undefined && argv[0].trim() !== '', { error: command }),
  ],
  { error: command },
)

export const StartCommand = Command.refine((value) => new TextEncoder().encode(JSON.stringify(value)).length <= commandBytes, {
  error: () => `got more than ${commandBytes} bytes; expected at most that, so that the task definition stays below AWS's 64 KB`,
})

const host = /[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?/.source
const repository = /[a-z0-9]+(?:(?:\.|_{1,2}|-+|\/)[a-z0-9]+)*/.source
const image = expects('an image reference such as 111122223333.dkr.ecr.eu-west-1.amazonaws.com/docs:1.2 or node:22@sha256:…')

export const Image = z
  .string({ error: image })
  .max(512, { error: image })
  .regex(new RegExp(`^(?:${host}/)?${repository}(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`), { error: image })

const prefix = expects(
  'a prefix in the artifacts bucket (or s3://<bucket>/<prefix>) of letters, digits and !_.()/- without . or .. as a part',
)

/** Wildcards are no part of it: it stands in the task role's policy. */
export const S3Path = z
  .string({ error: prefix })
  .max(1024, { error: prefix })
  .regex(/^(?:s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/)?[A-Za-z0-9!_.()-]+(?:\/[A-Za-z0-9!_.()-]+)*\/?$/, { error: prefix })
  .refine((path) => path.split('/').every((part) => part !== '.' && part !== '..'), { error: prefix })

const path = expects('an absolute path such as /mcp, without query, empty parts or ..')

/** A path that the server answers on. */
export const AbsolutePath = z
  .string({ error: path })
  .max(256, { error: path })
  .regex(/^\/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2}|\/(?!\/))*$/, { error: path })
  .refine((value) => !value.startsWith('//') && value.split('/').every((part) => part !== '.' && part !== '..'), { error: path })

const name = expects('a name of at most 128 characters on one line, with 1 to 40 letters a-z or digits')

export const Name = z.string({ error: name }).max(128, { error: name }).refine(isOneLine, { error: name })

export const Description = z.string({ error: expects('a string') }).max(500, {
  error: (issue) => `got ${String(issue.input).length} characters; expected at most 500`,
})
