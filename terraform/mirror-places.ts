import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

interface PlacesEnvironment {
  readonly HOME?: string | undefined
  readonly XDG_DATA_HOME?: string | undefined
  readonly XDG_DATA_DIRS?: string | undefined
}

/** The directories that Terraform itself would take providers from without any configuration. */
export function impliedMirrors(env: PlacesEnvironment, platform: string = process.platform): string[] {
  const home = env.HOME ? [join(env.HOME, '.terraform.d', 'plugins')] : []
  if (platform === 'darwin') {
    const support = join('Library', 'Application Support', 'io.hashicorp.terraform', 'plugins')
    return [...home, ...(env.HOME ? [join(env.HOME, support)] : []), join('/', support)]
  }
  const dataHome = env.XDG_DATA_HOME || (env.HOME && join(env.HOME, '.local', 'share'))
  const dataDirectories = (env.XDG_DATA_DIRS || '/usr/local/share:/usr/share').split(':').filter(Boolean)
  return [...home, ...[...(dataHome ? [dataHome] : []), ...dataDirectories].map((directory) => join(directory, 'terraform', 'plugins'))]
}

const systemRoots = ['/opt', '/usr/share', '/usr/local/share']

const isOwnedBy = async (directory: string, uid: number): Promise<boolean> => {
  const facts = await stat(directory).catch(() => undefined)
  return facts?.isDirectory() === true && facts.uid === uid && (facts.mode & 0o002) === 0
}

const children = async (directory: string): Promise<string[]> => {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(directory, entry.name))
    .sort()
}

/** Directories one or two levels below the roots that look like a mirror and that only `ownerUid` (root) can write. */
export async function systemMirrors(roots: readonly string[] = systemRoots, ownerUid = 0): Promise<string[]> {
  const found: string[] = []
  for (const root of roots) {
    for (const first of await children(root)) {
      for (const candidate of [first, ...(await children(first))]) {
        const provider = join(candidate, 'registry.terraform.io', 'hashicorp', 'aws')
        if ((await isOwnedBy(candidate, ownerUid)) && (await isOwnedBy(provider, ownerUid))) found.push(candidate)
      }
    }
  }
  return found
}
