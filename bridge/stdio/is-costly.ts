const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const openBrace = 0x7b
const openBracket = 0x5b

/** No body below this can hold enough values to matter. */
const smallBytes = 256 * 1024
const mostCost = 1_000_000
/** An object takes about as much memory as five numbers or short strings. */
const containerCost = 5

/** Whether a JSON text would become many times its size in memory once it is parsed: 16 MiB of `{}` are half a gigabyte. */
export function isCostly(text: Buffer): boolean {
  if (text.length <= smallBytes) return false
  let cost = 0
  for (let at = 0; at < text.length; at++) {
    const byte = text[at]
    if (byte === quote) {
      for (at++; at < text.length && text[at] !== quote; at++) if (text[at] === backslash) at++
    } else if (byte === comma) cost++
    else if (byte === openBrace || byte === openBracket) cost += containerCost
  }
  return cost > mostCost
}
