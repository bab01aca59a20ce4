import { randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'

/** One write as the emulator's journal has it: a WSGI environment, and the body. */
export interface JournalRow {
  readonly environ: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface Sent {
  readonly status: number
  readonly answer: string
}

export function readJournal(text: string): JournalRow[] {
  const [, ...lines] = text.trimEnd().split('\n')
  return lines.map((line) => {
    const { environ, body } = JSON.parse(line) as { environ: Record<string, unknown>; body: string }
    const strings = Object.entries(environ).map(([name, value]) => [name, String(value)])
    return { environ: Object.fromEntries(strings), body: Buffer.from(body, 'base64') }
  })
}

/** Sends writes as they were, one after the other. */
export function sendRows(port: number, rows: readonly JournalRow[]): Promise<Sent[]> {
  return sendEach(port, rows, (row) => row)
}

// An escape, so that what follows it is not mistaken for its end; an API key's id; a build's log stream; an ARN; any other id.
const token = /%[0-9A-F]{2}|KEY#[a-z0-9]{16}|logStreamName":"[0-9a-f-]{36}|arn:[\w:/.-]+|[\w-]{6,}/g
const part = /[\w-]{6,}/g
const ulid = /^01[0-9a-hjkmnp-tv-z]{24}$/i

/** Sends them again as a life would that draws ids of its own: what the callers draw is new, what AWS draws is what it now answers. */
export function replayAgain(port: number, rows: readonly JournalRow[], known: readonly Sent[]): Promise<Sent[]> {
  const renamed = new Map<string, string>()
  const renameOne = (found: string): string => {
    const other = renamed.get(found) ?? drawn(found)
    if (other === undefined) return found.startsWith('arn:') ? found.replace(part, (id) => renamed.get(id) ?? id) : found
    renamed.set(found, other)
    return other
  }
  const rename = (text: string): string => text.replace(token, renameOne)
  const learn = (pattern: RegExp, before: string, now: string): void => {
    const [old, fresh] = [before.match(pattern) ?? [], now.match(pattern) ?? []]
    if (old.length !== fresh.length) return
    for (const [index, found] of old.entries()) {
      const other = fresh[index] ?? found
      if (found === other) continue
      renamed.set(found, other)
      if (found.startsWith('arn:')) learn(part, found, other)
    }
  }
  const change = ({ environ, body }: JournalRow): JournalRow => ({
    environ: Object.fromEntries(Object.entries(environ).map(([name, value]) => [name, rename(value)])),
    body: Buffer.from(rename(body.toString('latin1')), 'latin1'),
  })
  return sendEach(port, rows, change, (sent, index) => learn(token, known[index]?.answer ?? '', sent.answer))
}

/** What a caller draws by itself, drawn anew in the same shape. */
function drawn(found: string): string | undefined {
  const random = (length: number) => randomBytes(length).toString('hex').slice(0, length)
  if (found.startsWith('KEY#')) return `KEY#${random(16)}`
  if (found.startsWith('logStreamName')) return found.slice(0, -12) + random(12)
  if (!ulid.test(found)) return undefined
  const end = random(12)
  return found.slice(0, 14) + (found === found.toUpperCase() ? end.toUpperCase() : end)
}

async function sendEach(
  port: number,
  rows: readonly JournalRow[],
  change: (row: JournalRow) => JournalRow,
  onSent: (sent: Sent, index: number) => void = () => {},
): Promise<Sent[]> {
  const agent = new Agent({ keepAlive: true })
  const all: Sent[] = []
  for (const [index, row] of rows.entries()) {
    const sent = await send(agent, port, change(row))
    all.push(sent)
    onSent(sent, index)
  }
  agent.destroy()
  return all
}

function send(agent: Agent, port: number, { environ, body }: JournalRow): Promise<Sent> {
  const headers = Object.entries(environ)
    .filter(([name]) => name.startsWith('HTTP_'))
    .map(([name, value]) => [name.slice('HTTP_'.length).replaceAll('_', '-').toLowerCase(), value])
  const { REQUEST_METHOD: method, CONTENT_TYPE: type } = environ
  const path = environ.RAW_URI ?? environ.REQUEST_URI
  return new Promise((resolve, reject) => {
    const sending = request(
      {
        host: '127.0.0.1',
        port,
        agent,
        method,
        path,
        headers: { ...Object.fromEntries(headers), ...(type && { 'content-type': type }), 'content-length': body.length },
      },
      async (response) => {
        const chunks: Buffer[] = await response.toArray()
        resolve({ status: response.statusCode ?? 0, answer: Buffer.concat(chunks).toString('latin1') })
      },
    )
    sending.once('error', reject)
    sending.end(body)
  })
}
