import { chmod, copyFile, mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** What this Node is, and what it needs to run in an image with another C library, or with none. */
export interface Runtime {
  readonly node: string
  readonly bridge: string
  /** Shared libraries and the loader, by their paths. */
  readonly libraries: readonly string[]
}

/**
 * Copies the bridge and a Node of its own: `lib/ld.so --library-path lib node bridge.mjs` runs it whatever the image brings.
 * Throws where no loader is among the libraries.
 */
export async function copyRuntime({ node, bridge, libraries }: Runtime, directory: string): Promise<void> {
  const lib = join(directory, 'lib')
  await mkdir(lib, { recursive: true, mode: 0o755 })
  const loader = libraries.find((library) => /^ld(?:-linux|-musl|64|\.so|-\d)/.test(basename(library)))
  if (loader === undefined) throw new Error(`This Node names no loader among its libraries: ${libraries.join(', ')}.`)
  const copies: [string, string][] = [
    [node, join(directory, 'node')],
    [loader, join(lib, 'ld.so')],
    ...libraries.map((library): [string, string] => [library, join(lib, basename(library))]),
  ]
  await Promise.all(
    copies.map(async ([from, to]) => {
      await copyFile(from, to)
      await chmod(to, 0o755)
    }),
  )
  await copyFile(bridge, join(directory, 'bridge.mjs'))
  await chmod(join(directory, 'bridge.mjs'), 0o644)
}

/** The libraries that this process has loaded from files. */
export function ownLibraries(): string[] {
  const { sharedObjects } = process.report.getReport() as { sharedObjects: string[] }
  return sharedObjects.filter((path) => path.startsWith('/'))
}
