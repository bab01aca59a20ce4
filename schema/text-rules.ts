import { credentialIn } from './credential-shapes.ts'
import { refusal } from './refusal.ts'

// Tab, line feed and carriage return are text; other control characters, and those that turn reading direction,
// show a reviewer something else than what runs.
const unseen = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
const unseenButLines = /(?![\t\n\r])[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

/** What is wrong with a free text wherever it stands in a definition; undefined when nothing is. */
export function textProblem(text: string): string | undefined {
  if (text.includes('TfToken[')) return refusal('"TfToken["', 'text without it: CDKTF would put another value in its place')
  if (/\p{Cs}/u.test(text)) return refusal('half of a surrogate pair', 'text that can be written as UTF-8')
  const hidden = unseenButLines.exec(text)
  if (hidden) return refusal(`the character ${codePoint(hidden[0])}`, 'no control characters but tab and line breaks')
  if (text !== text.normalize('NFC')) {
    return refusal('text that is not in Unicode form NFC', 'NFC, because Terraform would change it to that', 'Send it normalized')
  }
  const credential = credentialIn(text)
  if (credential === undefined) return undefined
  return refusal(`what looks like a credential (${credential})`, 'no secrets in a definition: plans show it', 'Bind it under `secrets`')
}

/** Whether a text stays on one line and hides nothing. */
export const isOneLine = (text: string): boolean => !unseen.test(text)

const codePoint = (character: string): string => `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`

/** Every string in a value, keys of objects included, with its path. */
export function* stringsIn(value: unknown, path: readonly PropertyKey[] = []): Generator<{ path: readonly PropertyKey[]; text: string }> {
  if (typeof value === 'string') yield { path, text: value }
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) yield { path: [...path, key], text: key }
    yield* stringsIn(inner, [...path, Array.isArray(value) ? Number(key) : key])
  }
}
