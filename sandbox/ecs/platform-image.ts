import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Mount } from './mount.ts'

/** PATH in the platform's runtime image, and in every other one that names none. */
export const imagePath = '/opt/gantry/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

export interface HostTools {
  /** This Node: /opt/gantry/node, and `node` on PATH. */
  readonly node: string
  /** Holds bridge.mjs, and init.mjs where there is one. */
  readonly bridgeDirectory: string
  /** The user's PATH, in which uv and a Python are looked for. */
  readonly path: string
}

function find(path: string, name: string): string | undefined {
  const found = path.split(':').find((directory) => directory !== '' && existsSync(join(directory, name)))
  return found === undefined ? undefined : realpathSync(join(found, name))
}

/** npm's own package, which holds npx too, wherever this Node has it. */
function npmMounts(tools: HostTools): Mount[] {
  const npx = find(`${dirname(tools.node)}:${tools.path}`, 'npx')
  if (npx === undefined) return []
  const home = dirname(dirname(npx))
  return [
    { kind: 'directory', source: home, target: '/opt/gantry/npm', readOnly: true },
    { kind: 'link', source: '/opt/gantry/npm/bin/npm-cli.js', target: '/opt/gantry/bin/npm' },
    { kind: 'link', source: '/opt/gantry/npm/bin/npx-cli.js', target: '/opt/gantry/bin/npx' },
  ]
}

/** The image has Python under both of its names; many hosts have one. */
function pythonMounts(): Mount[] {
  const system = imagePath.split(':').slice(1).join(':')
  const python = find(system, 'python') === undefined ? find(system, 'python3') : undefined
  return python === undefined ? [] : [{ kind: 'link', source: python, target: '/opt/gantry/bin/python' }]
}

/** What the platform's runtime image would bring: /opt/gantry with Node, npm and the bridge; Python and the rest are the host's. */
export function platformImageMounts(tools: HostTools): Mount[] {
  const files = ['bridge.mjs', 'init.mjs'].filter((file) => existsSync(join(tools.bridgeDirectory, file)))
  const uv = ['uv', 'uvx'].flatMap((name): Mount[] => {
    const source = find(tools.path, name)
    return source === undefined ? [] : [{ kind: 'file', source, target: `/opt/gantry/bin/${name}` }]
  })
  return [
    { kind: 'file', source: tools.node, target: '/opt/gantry/node' },
    { kind: 'link', source: '/opt/gantry/node', target: '/opt/gantry/bin/node' },
    ...files.map((file): Mount => ({ kind: 'file', source: join(tools.bridgeDirectory, file), target: `/opt/gantry/${file}` })),
    ...npmMounts(tools),
    ...pythonMounts(),
    ...uv,
  ]
}
