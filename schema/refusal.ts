import type * as z from 'zod'

/** How every refused field reads: what was got, what is allowed, and how to put it right. */
export function refusal(got: string, expected: string, fix?: string): string {
  return `got ${got}; expected ${expected}${fix === undefined ? '' : `. ${fix}`}`
}

const shownCharacters = 60

/** A value as a message shows it: short, and never the text of a long string. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value !== 'string') return String(value)
  return value.length <= shownCharacters ? JSON.stringify(value) : `a string of ${value.length} characters`
}

/** The `error` of a zod schema or check: its refusal, or that the field is missing. */
export const expects =
  (expected: string, fix?: string) =>
  (issue: z.core.$ZodRawIssue): string =>
    issue.input === undefined ? `missing; expected ${expected}` : refusal(show(issue.input), expected, fix)

/** `a, b or c` */
export function oneOf(options: readonly (string | number)[]): string {
  return options.length < 2 ? options.join('') : `${options.slice(0, -1).join(', ')} or ${options.at(-1)}`
}
