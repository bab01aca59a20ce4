import { createHash } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { create, extract } from 'tar'

export const sha256 = (body: Buffer | string): string => createHash('sha256').update(body).digest('hex')

/** The named files of a directory as one tar.gz; the same files give the same bytes. */
export async function packFiles(directory: string, files: readonly string[]): Promise<Buffer> {
  const chunks: Buffer[] = []
  const options = { cwd: directory, gzip: true, portable: true, noPax: true, mtime: new Date(0) }
  for await (const chunk of create(options, [...files].sort())) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

/** Unpacks into a new directory. */
export async function unpackFiles(archive: Buffer, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  const file = join(directory, '.archive.tar.gz')
  await writeFile(file, archive)
  await extract({ file, cwd: directory, strict: true })
  await rm(file)
}
