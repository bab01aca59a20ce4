import { coverCredentials, credentialIn } from '../../schema/credential-shapes.ts'
import { isJsonObject } from '../../schema/json-object.ts'

/** What must not be shown, judged and covered. */
export interface Cover {
  /** Whether any text in a value, or a key of it, is or holds a secret. */
  hides(value: unknown): boolean
  text(text: string): string
  /** The value with every text in it covered, keys too. */
  value(value: unknown): unknown
}

/** Covers credential shapes and the given secrets, also as they stand inside of JSON text. */
export function createCover(secrets: readonly string[]): Cover {
  const hidden = [...new Set(secrets.flatMap(spellings))]
  const hidesText = (text: string): boolean => credentialIn(text) !== undefined || hidden.some((secret) => text.includes(secret))
  const coverText = (text: string): string =>
    coverCredentials(hidden.reduce((covered, secret) => covered.replaceAll(secret, '(sensitive)'), text))
  const hides = (value: unknown): boolean => {
    if (typeof value === 'string') return hidesText(value)
    if (typeof value === 'number') return hidden.includes(String(value))
    if (typeof value !== 'object' || value === null) return false
    return Object.entries(value).some(([name, item]) => hidesText(name) || hides(item))
  }
  const cover = (value: unknown): unknown => {
    if (typeof value === 'string') return coverText(value)
    if (Array.isArray(value)) return value.map(cover)
    if (!isJsonObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [coverText(name), cover(item)]))
  }
  return { hides, text: coverText, value: cover }
}

/** As it is, inside of JSON text, and inside of Terraform's, which spells out what HTML would read. */
function spellings(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1)
  return [secret, inJson, inJson.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`)]
}
