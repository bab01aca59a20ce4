import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** State locking in S3 and write-only secrets need this much. */
const terraformAtLeast = [1, 11] as const
const pythonAtLeast = [3, 11] as const

export interface Tools {
  terraformVersion: string
  pythonVersion: string
}

/**
 * Asks for the tools that Gantry does not bring along, before anything is started.
 * Throws one sentence for the first that is missing: what, got, expected, fix.
 */
export async function preflight(environment: NodeJS.ProcessEnv): Promise<Tools> {
  const [terraform, python] = await Promise.all([
    ask(
      'terraform',
      ['version', '-json'],
      environment,
      'Install Terraform 1.11 or later and put it on the PATH (developer.hashicorp.com/terraform/install).',
    ),
    ask(
      'python3',
      ['-c', 'import sys, venv, ensurepip; print("%d.%d.%d" % sys.version_info[:3])'],
      environment,
      'Install Python 3.11 or later with its venv module (Debian: apt install python3-venv).',
    ),
  ])
  const terraformVersion = /"terraform_version":\s*"([^"]+)"/.exec(terraform)?.[1] ?? 'unknown'
  const pythonVersion = python.trim()
  requireAtLeast('Terraform', terraformVersion, terraformAtLeast)
  requireAtLeast('Python', pythonVersion, pythonAtLeast)
  return { terraformVersion, pythonVersion }
}

async function ask(command: string, args: string[], environment: NodeJS.ProcessEnv, fix: string): Promise<string> {
  try {
    return (await run(command, args, { env: environment })).stdout
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string }
    const got = code === 'ENOENT' ? 'is not on the PATH' : `does not answer (${(stderr ?? '').trim().split('\n').at(-1) || String(code)})`
    throw new Error(`${command} ${got}. ${fix}`)
  }
}

function requireAtLeast(tool: string, version: string, [major, minor]: readonly [number, number]): void {
  const [gotMajor = 0, gotMinor = 0] = version.split('.').map(Number)
  if (gotMajor > major || (gotMajor === major && gotMinor >= minor)) return
  throw new Error(`${tool} is ${version}; Gantry needs ${major}.${minor} or later. Install a newer one and put it first on the PATH.`)
}
