import { createReadStream, type FSWatcher, watch } from 'node:fs'
import { open } from 'node:fs/promises'
import { StringDecoder } from 'node:string_decoder'

export interface FollowedFile {
  /** Reads what is left and stops watching. */
  stop(): Promise<void>
}

/** Calls back with each whole line that another process appends to a file; the file is made first. */
export async function followLines(file: string, onLine: (line: string) => void): Promise<FollowedFile> {
  await (await open(file, 'a')).close()
  let offset = 0
  let rest = ''
  const decoder = new StringDecoder('utf8')
  let reading = Promise.resolve()
  const read = async (): Promise<void> => {
    const stream = createReadStream(file, { start: offset })
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      offset += chunk.length
      rest += decoder.write(chunk)
    }
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  }
  let pending = false
  const readSoon = (): void => {
    if (pending) return
    pending = true
    reading = reading.then(async () => {
      pending = false
      await read()
    })
  }
  const watcher: FSWatcher = watch(file, readSoon)
  return {
    stop: async () => {
      watcher.close()
      readSoon()
      await reading
    },
  }
}
