import { describe, expect, test } from 'vitest'
import { bodyLimitBytes, parseJson, readBody } from '../../api/read-body.ts'

const json = { 'content-type': 'application/json' }
const request = (body: RequestInit['body'], headers: Record<string, string> = json) =>
  new Request('http://x/', { method: 'POST', headers, body, duplex: 'half' } as RequestInit)

describe('readBody', () => {
  test('takes a body of exactly the limit and refuses one byte more', async () => {
    expect(await readBody(request('x'.repeat(bodyLimitBytes)))).toHaveLength(bodyLimitBytes)
    await expect(readBody(request('x'.repeat(bodyLimitBytes + 1)))).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' })
  })

  test('counts characters as the bytes they are', async () => {
    await expect(readBody(request('ä'.repeat(bodyLimitBytes / 2 + 1)))).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' })
  })

  test('stops an endless stream at the limit', async () => {
    let sent = 0
    let cancelled = false
    const endless = new ReadableStream({
      pull: (controller) => {
        sent += 65_536
        controller.enqueue(new Uint8Array(65_536))
      },
      cancel: () => {
        cancelled = true
      },
    })
    await expect(readBody(request(endless))).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' })
    expect([sent <= bodyLimitBytes + 3 * 65_536, cancelled]).toEqual([true, true])
  })

  test('believes a Content-Length that is too large without reading', async () => {
    const declared = request('x', { ...json, 'content-length': String(bodyLimitBytes + 1) })
    await expect(readBody(declared)).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' })
  })

  test.each([
    'text/plain',
    'application/jsonp',
    'application/json; charset=latin1',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
  ])('refuses %s', async (type) => {
    await expect(readBody(request('{}', { 'content-type': type }))).rejects.toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' })
  })

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])('takes %s', async (type) => {
    expect(await readBody(request('{}', { 'content-type': type }))).toBe('{}')
  })

  test('refuses bytes that are not UTF-8', async () => {
    await expect(readBody(request(Uint8Array.from([0x22, 0xff, 0x22])))).rejects.toMatchObject({ code: 'INVALID_JSON' })
  })
})

describe('parseJson', () => {
  test('does not repeat what was sent', () => {
    expect(() => parseJson('{"password":"hunter2" oops}')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    )
  })
})
