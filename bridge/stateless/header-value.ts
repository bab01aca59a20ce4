const encoded = /^=\?base64\?([A-Za-z0-9+/]*={0,2})\?=$/

/** What a mirrored header says: as it stands, or in Base64 between markers. Undefined where that is no Base64 of UTF-8. */
export function decodeHeaderValue(value: string): string | undefined {
  if (!value.startsWith('=?base64?') || !value.endsWith('?=')) return value
  const text = encoded.exec(value)?.[1]
  if (text === undefined) return undefined
  const bytes = Buffer.from(text, 'base64')
  // Node forgives what is no Base64; only what it would write itself is.
  if (bytes.toString('base64') !== text) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
