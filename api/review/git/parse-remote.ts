import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GantryError } from '../../../schema/error-code.ts'
import { maskCredentials } from './mask-credentials.ts'

export interface GitRemote {
  /** What git is given: an absolute path or a URL. */
  readonly address: string
  /** What people may read. */
  readonly shown: string
  /** The directory of a repository on this machine. */
  readonly path?: string
  /** Carries the credentials of the URL, so that they stand in no argument list and no file. */
  readonly env: Readonly<Record<string, string>>
}

const schemes = ['http:', 'https:', 'ssh:', 'git:', 'file:']

/** Reads a remote as it was configured. Throws GantryError INVALID_REQUEST on what is neither a path nor a URL git itself fetches from. */
export function parseRemote(remote: string): GitRemote {
  if (/^[a-z0-9+.-]*::/i.test(remote)) throw unknown(remote)
  if (/^[^/\s:]+@[^/\s:]+:/.test(remote)) return { address: remote, shown: remote, env: {} }
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(remote)) return localRemote(resolve(remote))
  try {
    return parseUrl(new URL(remote), remote)
  } catch (cause) {
    throw unknown(remote, cause)
  }
}

const localRemote = (path: string): GitRemote => ({ address: path, shown: path, path, env: {} })

function parseUrl(url: URL, remote: string): GitRemote {
  if (!schemes.includes(url.protocol)) throw new RangeError(url.protocol)
  if (url.protocol === 'file:') return localRemote(fileURLToPath(url))
  const shown = maskCredentials(remote)
  if (!url.protocol.startsWith('http') || !(url.username || url.password)) return { address: remote, shown, env: {} }
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  url.username = ''
  url.password = ''
  const header = `Authorization: Basic ${Buffer.from(login).toString('base64')}`
  return {
    address: url.href,
    shown: url.href,
    env: { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'http.extraHeader', GIT_CONFIG_VALUE_0: header },
  }
}

function unknown(remote: string, cause?: unknown): GantryError {
  return new GantryError(
    'INVALID_REQUEST',
    `The review repository is ${JSON.stringify(maskCredentials(remote))}; expected a path, user@host:path or a URL of ${schemes.join(', ')}.`,
    { cause },
  )
}
