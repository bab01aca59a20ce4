import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mirrorVersions } from './mirror.ts'
import { startTerraform } from './run-terraform.ts'

export interface AskRegistryOptions {
  /** Kept: what `terraform init` downloads here is a filesystem mirror from then on. */
  readonly directory: string
  readonly constraint: string
  readonly terraform: string
  /** The user's own environment: their proxy and certificates are what reaches the registry. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal
}

/** Lets a plain `terraform init` fetch the provider; the mirror's directory, or undefined where nothing answered. */
export async function askRegistry(options: AskRegistryOptions): Promise<string | undefined> {
  const mirror = join(options.directory, '.terraform', 'providers')
  await mkdir(options.directory, { recursive: true })
  const required = { aws: { source: 'hashicorp/aws', version: options.constraint } }
  await writeFile(join(options.directory, 'main.tf.json'), JSON.stringify({ terraform: { required_providers: required } }))
  const init = startTerraform({
    terraform: options.terraform,
    args: ['init', '-input=false', '-no-color', '-backend=false'],
    cwd: options.directory,
    env: { ...options.env, CHECKPOINT_DISABLE: '1', TF_REGISTRY_DISCOVERY_RETRY: '0', TF_REGISTRY_CLIENT_TIMEOUT: '5' },
    ...(options.signal && { signal: options.signal }),
  })
  const { exitCode } = await init.done
  return exitCode === 0 && (await mirrorVersions(mirror)).length > 0 ? mirror : undefined
}
