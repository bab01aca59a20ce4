import * as z from 'zod'
import { normalizeGroups } from './groups.ts'
import { expects, oneOf, refusal, show } from './refusal.ts'
import { mapOf } from './text-map.ts'
import { isOneLine } from './text-rules.ts'

const group = expects('a group of 1 to 128 characters on one line')

/** Normalized to `group:x`; empty or null: every authenticated caller. */
export const Groups = z
  .array(
    z
      .string({ error: group })
      .max(128, { error: group })
      .refine(
        (name) =>
          isOneLine(name) &&
          name
            .trim()
            .replace(/^group:/, '')
            .trim() !== '',
        { error: group },
      ),
  )
  .max(100, { error: () => 'got more than 100 groups; expected at most that' })
  .nullable()
  .default([])
  .transform((groups) => normalizeGroups(groups ?? []))

/** AWS allows 50 on a resource; the rest is for the platform's own. */
const mostTags = 40
const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u
const tagValue = expects('at most 256 letters, digits, spaces and _.:/=+-@')

function tagNameProblem(name: string): string | undefined {
  if (name.length === 0 || name.length > 128 || !tagText.test(name)) {
    return refusal(show(name), 'a tag name of 1 to 128 letters, digits, spaces and _.:/=+-@')
  }
  return /^(?:aws|gantry):/i.test(name)
    ? refusal(show(name), 'a name without the prefixes aws: and gantry:, which are reserved')
    : undefined
}

export const Tags = mapOf(
  z.string({ error: tagValue }).max(256, { error: tagValue }).regex(tagText, { error: tagValue }),
  tagNameProblem,
).refine((tags) => Object.keys(tags).length <= mostTags, { error: () => `got more than ${mostTags} tags; expected at most that` })

/** What CloudWatch Logs accepts. */
const retentionDays: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]
const retention = expects(`${oneOf(retentionDays)} days`)

export const LogRetentionDays = z.number({ error: retention }).refine((days) => retentionDays.includes(days), { error: retention })
