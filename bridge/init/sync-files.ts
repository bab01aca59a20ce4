import { createWriteStream } from 'node:fs'
import { chmod, mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { artifactPath } from './artifact-path.ts'
import type { Artifact, ArtifactSource } from './artifact-source.ts'
import { fileMode } from './file-mode.ts'
import { giveAway } from './give-away.ts'

const atOnce = 16

/** Copies every artifact into an empty directory. Throws, naming the object, where one cannot be had or is no file's path. */
export async function syncFiles(source: ArtifactSource, directory: string): Promise<{ files: number; bytes: number }> {
  const total = { files: 0, bytes: 0 }
  const artifacts = source.list()[Symbol.asyncIterator]()
  const work = async (): Promise<void> => {
    for (let next = await artifacts.next(); !next.done; next = await artifacts.next()) {
      const artifact = next.value
      if (artifact.path === '') continue
      if (artifact.path.endsWith('/')) await makeDirectory(directory, artifactPath(artifact.path.slice(0, -1)))
      else {
        await syncFile(source, artifact, directory)
        total.files += 1
        total.bytes += artifact.bytes
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  if (total.files === 0) throw new Error(`There are no files below ${source.name}: upload them first, then start a run.`)
  return total
}

async function syncFile(source: ArtifactSource, artifact: Artifact, directory: string): Promise<void> {
  const parts = artifactPath(artifact.path)
  const file = join(directory, ...parts)
  await makeDirectory(directory, parts.slice(0, -1))
  const { body, metadata } = await source.open(artifact)
  // Nothing is written through a link or over another file: the directory was empty, and every object has a name of its own.
  const sink = createWriteStream(file, { flags: 'wx', mode: 0o600 })
  await pipeline(body, sink)
  if (sink.bytesWritten !== artifact.bytes) throw new Error(`${artifact.path} changed while it was read: start again.`)
  await chmod(file, fileMode(metadata) ?? ((await isScript(file)) ? 0o755 : 0o644))
  await giveAway(file)
}

async function makeDirectory(root: string, parts: readonly string[]): Promise<void> {
  const made = parts.length > 0 ? await mkdir(join(root, ...parts), { recursive: true, mode: 0o755 }) : undefined
  for (let path = join(root, ...parts); made !== undefined && path.length >= made.length; path = dirname(path)) await giveAway(path)
}

async function isScript(file: string): Promise<boolean> {
  const handle = await open(file)
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer.toString('latin1') === '#!'
  } finally {
    await handle.close()
  }
}
