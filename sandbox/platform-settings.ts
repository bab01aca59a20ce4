import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import * as z from 'zod'
import { problemsOf } from '../schema/parse-definition.ts'
import { PlatformSynthInput } from '../schema/platform-input.ts'

/** What the owner of a sandbox may set of its platform: fields of the platform's own input, checked with the rest of it. */
const PlatformSettings = z.strictObject({
  defaults: z.record(z.string(), z.unknown()).optional(),
  review: z.looseObject({ policies: z.string().optional(), prices: z.string().optional() }).optional(),
})
export type PlatformSettings = z.infer<typeof PlatformSettings>

/** Reads the settings; the paths in the file are relative to it. Throws one sentence that names the file and the field. */
export function readPlatformSettings(file: string | undefined): PlatformSettings {
  if (file === undefined) return {}
  const settings = parseSettings(PlatformSettings, readJson(file), file)
  const { policies, prices } = settings.review ?? {}
  const beside = (path: string): string => resolve(dirname(file), path)
  const paths = { ...(policies && { policies: beside(policies) }), ...(prices && { prices: beside(prices) }) }
  const read = { ...settings, ...(settings.review && { review: { ...settings.review, ...paths } }) }
  const { defaults, review } = PlatformSynthInput.shape
  parseSettings(z.object({ defaults: defaults.optional(), review: review.optional() }), read, file)
  return read
}

function parseSettings<T>(schema: z.ZodType<T>, value: unknown, file: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = problemsOf(parsed.error).map(({ path, message }) => `${path}: ${message}`)
  throw new Error(`GANTRY_PLATFORM_FILE is ${file}, which does not fit: ${problems.join('; ')}`)
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`GANTRY_PLATFORM_FILE is ${file}, which cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
