import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Removes the lock files that a killed git left in its repository; nothing else may be running there. */
export async function clearLocks(repository: string): Promise<void> {
  const found = async (below: string, recursive: boolean): Promise<string[]> => {
    const names = await readdir(join(repository, below), { recursive }).catch(() => [])
    return names.filter((name) => name.endsWith('.lock')).map((name) => join(repository, below, name))
  }
  const locks = [...(await found('.', false)), ...(await found('refs', true)), ...(await found('objects/info', true))]
  await Promise.all(locks.map((lock) => rm(lock, { force: true })))
}
