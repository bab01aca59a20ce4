import { GantryError } from '../schema/error-code.ts'

export const bodyLimitBytes = 256 * 1024

export const mergePatchType = 'application/merge-patch+json'

/** The request's body as text, counted while it arrives; only JSON in UTF-8 is taken, as `application/json` or one of `also`. */
export async function readBody(request: Request, ...also: string[]): Promise<string> {
  const type = request.headers.get('content-type') ?? ''
  const expected = ['application/json', ...also]
  if (
    !expected.includes(
      type
        .replace(/\s*;\s*charset\s*=\s*"?utf-8"?\s*$/i, '')
        .trim()
        .toLowerCase(),
    )
  )
    throw new GantryError('UNSUPPORTED_MEDIA_TYPE', `Content-Type is ${JSON.stringify(type)}, expected ${expected.join(' or ')}.`)
  return decode(await readBytes(request, bodyLimitBytes))
}

/** The request's body as it was sent. Throws GantryError BODY_TOO_LARGE as soon as it is seen to be larger than `limitBytes`. */
export async function readBytes({ body, headers }: Request, limitBytes: number): Promise<Uint8Array> {
  if (Number(headers.get('content-length') ?? 0) > limitBytes) throw tooLarge(limitBytes)
  if (!body) return new Uint8Array()
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.byteLength
    if (size > limitBytes) {
      reader.cancel().catch(() => undefined)
      throw tooLarge(limitBytes)
    }
    chunks.push(next.value)
  }
  return Buffer.concat(chunks)
}

/** Bytes as text; throws GantryError INVALID_JSON where they are not UTF-8. */
export function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new GantryError('INVALID_JSON', 'The body is not UTF-8.', { cause })
  }
}

const tooLarge = (limitBytes: number) => new GantryError('BODY_TOO_LARGE', `The body is larger than ${limitBytes / 1024} KB.`)

/** The JSON in a body. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/(, )?\.{3}.*$|, ".*$/s, '') : ''
    throw new GantryError('INVALID_JSON', text.trim() === '' ? 'The body is empty, expected JSON.' : `The body is not JSON: ${reason}`, {
      cause,
    })
  }
}
