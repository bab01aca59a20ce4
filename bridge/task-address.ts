import { get } from 'node:http'

const timeoutMs = 5000

/** Asks the ECS task metadata endpoint (version 4) for the IPv4 address of this task. */
export async function readTaskAddress(metadataUrl: string): Promise<string> {
  const text = await ask(metadataUrl).catch((error: Error) => {
    throw new Error(`The task metadata endpoint ${metadataUrl} does not answer: ${error.message}.`)
  })
  const address = parseMetadata(text)
  if (address === undefined) throw new Error(`The task metadata endpoint ${metadataUrl} names no IPv4 address in Networks.`)
  return address
}

function parseMetadata(text: string): string | undefined {
  try {
    const address: unknown = JSON.parse(text).Networks?.[0]?.IPv4Addresses?.[0]
    return typeof address === 'string' ? address : undefined
  } catch {
    return undefined
  }
}

function ask(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const question = get(url, { agent: false, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve(text))
      response.on('error', reject)
    })
    question.on('error', reject)
  })
}
