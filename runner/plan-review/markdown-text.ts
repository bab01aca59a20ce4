import { cutPair } from './cut-value.ts'

const mostCharacters = 200

/** Line breaks, control characters and those that turn the direction of text around. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ud800-\udfff]/gu

const escaped: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * Somebody else's text as a code span: nothing in it is markup, a mention or a link, and it stays on its line. What is longer than
 * `most` characters is cut.
 */
export function code(text: string, most = mostCharacters): string {
  const visible = text.slice(0, 2 * most).replace(unseen, (sign) => escaped[sign] ?? codePoint(sign))
  const short = visible.length > most || text.length > 2 * most ? `${visible.slice(0, most)}…` : visible
  const content = short.trim() === '' ? `"${short}"` : short
  const longest = Math.max(0, ...[...content.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  // One space on each side is not part of the code, and keeps a backtick at an end apart from the fence.
  const pad = /^[` ]|[` ]$/.test(content) ? ' ' : ''
  return `${fence}${pad}${content}${pad}${fence}`
}

const codePoint = (sign: string): string => `\\u{${sign.codePointAt(0)?.toString(16)}}`

const harmless = /^[A-Za-z][\w ,.;:'()→%$-]*$/
const marked = /www\.|(?<!\w)_|_(?!\w)/i

/** A sentence with somebody else's names in it: as it is where nothing in it can be markup, else as a code span. */
export const sentence = (text: string): string => (harmless.test(text) && !marked.test(text) && text.length < 500 ? text : code(text))

/** Two values as code spans, texts without quotes; of what is not there, `(not set)`. */
export function codePair(before: unknown, after: unknown): [string, string] {
  const [was, is] = cutPair(before, after, mostCharacters).map((value) => {
    if (value === undefined) return '(not set)'
    return code(typeof value === 'string' ? value : JSON.stringify(value))
  })
  return [was ?? '', is ?? '']
}

/** As many of the lines as fit, and a last one that says how many more there are. */
export function fitLines(lines: readonly string[], mostBytes: number, more: (count: number) => string): string[] {
  const kept: string[] = []
  let bytes = 0
  for (const line of lines) {
    bytes += Buffer.byteLength(line) + 1
    if (bytes > mostBytes) return [...kept, more(lines.length - kept.length)]
    kept.push(line)
  }
  return kept
}

export const dollars = (amount: number): string => `$${amount.toFixed(2)}`

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`
