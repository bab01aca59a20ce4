import { connect } from 'node:net'
import { placeholders, type RawRequest } from './requests.ts'

/** Long enough for an answer of a child on a busy machine. */
const answerMs = 10_000
/** A request that need not be answered is left alone after this. */
const silenceMs = 20

export type Secrets = { identity: string; session: string }

/** Sends a request as it is; what came back until the connection ended or the client had enough. */
export function exchange(port: number, request: RawRequest, secrets: Secrets): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    let answer = ''
    const enough = () => {
      clearTimeout(patience)
      socket.destroy()
      resolve(answer)
    }
    const patience = setTimeout(enough, request.answered ? answerMs : silenceMs)
    socket.setNoDelay(true)
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
      // The rest of a stream, or of what was sent in one go, is of no interest.
      if (isWhole(answer)) setImmediate(enough)
    })
    socket.on('end', enough)
    socket.on('error', enough)
    const pieces = request.pieces.map((piece) => fill(piece, secrets))
    const send = (index: number) => {
      const piece = pieces[index]
      if (piece) return void socket.write(piece, () => setImmediate(send, index + 1))
      if (request.end === 'half-close') socket.end()
      if (request.end === 'reset') socket.resetAndDestroy()
    }
    socket.once('connect', () => send(0))
    socket.once('close', enough)
  })
}

function isWhole(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n')
  if (end < 0) return false
  if (answer.startsWith('HTTP/1.1 100 ')) return isWhole(answer.slice(end + 4))
  const length = /^content-length: (\d+)$/im.exec(answer.slice(0, end))?.[1] ?? '0'
  return answer.length >= end + 4 + Number(length)
}

function fill(piece: Buffer, { identity, session }: Secrets): Buffer {
  if (!piece.includes('{{')) return piece
  const text = piece.toString('latin1').replaceAll(placeholders.identity, identity).replaceAll(placeholders.session, session)
  return Buffer.from(text, 'latin1')
}
