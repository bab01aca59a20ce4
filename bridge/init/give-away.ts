import { chown } from 'node:fs/promises'

/** The user and group that platform images run as. */
const user = 1000

/** Gives a path to the server's user. Only root can, and only where that user exists: elsewhere everybody may read it anyway. */
export async function giveAway(path: string): Promise<void> {
  if (process.getuid?.() !== 0) return
  await chown(path, user, user).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPERM' && error.code !== 'EINVAL') throw error
  })
}
