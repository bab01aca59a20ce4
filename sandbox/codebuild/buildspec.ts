import { parse } from 'yaml'
import * as z from 'zod'

const Phase = z.object({
  commands: z.array(z.string()).default([]),
  finally: z.array(z.string()).default([]),
  'on-failure': z.enum(['ABORT', 'CONTINUE']).optional(),
})

/** What the sandbox understands of a buildspec; other keys (artifacts, cache, reports) have no meaning without a source. */
export const Buildspec = z.object({
  version: z.union([z.literal(0.2), z.literal('0.2')]),
  env: z.object({ variables: z.record(z.string(), z.coerce.string()).default({}) }).prefault({}),
  phases: z.object({
    install: Phase.optional(),
    pre_build: Phase.optional(),
    build: Phase.optional(),
    post_build: Phase.optional(),
  }),
})
export type Buildspec = z.infer<typeof Buildspec>

export const phaseNames = ['install', 'pre_build', 'build', 'post_build'] as const

/** Throws a sentence, as CodeBuild says YAML_FILE_ERROR. */
export function parseBuildspec(text: string): Buildspec {
  let content: unknown
  try {
    content = parse(text)
  } catch (error) {
    throw new Error(`YAML_FILE_ERROR: the buildspec is not YAML (${(error as Error).message.split('\n')[0]})`)
  }
  const parsed = Buildspec.safeParse(content)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'buildspec'}: ${message}`)
  throw new Error(`YAML_FILE_ERROR: ${problems.join('; ')}`)
}
