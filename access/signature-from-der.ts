const coordinateBytes = 32

/** A P-256 signature as JWS wants it (raw r‖s, 64 bytes) from the DER that KMS and OpenSSL make. */
export function signatureFromDer(der: Uint8Array): Uint8Array {
  const [r, end] = readInteger(der, 2)
  const [s, after] = readInteger(der, end)
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || after !== der.length) throw new TypeError('Not a DER sequence of two integers')
  const raw = new Uint8Array(coordinateBytes * 2)
  raw.set(r, coordinateBytes - r.length)
  raw.set(s, coordinateBytes * 2 - s.length)
  return raw
}

function readInteger(der: Uint8Array, at: number): [Uint8Array, number] {
  const length = der[at + 1] ?? 0
  const end = at + 2 + length
  let start = at + 2
  if (der[at] !== 0x02 || length === 0 || end > der.length) throw new TypeError('Not a DER integer')
  while (der[start] === 0 && start < end - 1) start++
  if (end - start > coordinateBytes) throw new TypeError('A P-256 coordinate has at most 32 bytes')
  return [der.subarray(start, end), end]
}
