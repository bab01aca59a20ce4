import type { Edge } from '../schema/contract.ts'
import { askRegistry } from './ask-registry.ts'
import { mirrorVersions } from './mirror.ts'
import { impliedMirrors, systemMirrors } from './mirror-places.ts'
import { byFitness, constraintOfVersion, edgeOfVersion, fallbackConstraint, preferredConstraint } from './provider-version.ts'
import { userMirrors } from './user-cli-config.ts'

export interface FoundProvider {
  /** A filesystem mirror with the provider in it; what the registry gave was kept as one. */
  readonly mirrorDirectory: string
  readonly version: string
  /** What configurations should require: `~> 6.47.0`. */
  readonly constraint: string
  readonly edge: Edge
  readonly source: 'option' | 'cli-config' | 'implied' | 'registry' | 'system'
  /** One line for a person: what was found and where. */
  readonly message: string
}

export interface FindProviderOptions {
  /** A mirror the caller names (`GANTRY_PROVIDER_MIRROR`): it must fit, nothing else is tried. */
  readonly mirror?: string | undefined
  /** The user's own environment. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where a download from the registry is kept; absent: the registry is not asked. */
  readonly downloadDirectory?: string
  readonly terraform?: string
  /** What an existing platform is bound to; only versions that satisfy it fit. */
  readonly constraint?: string
  readonly systemRoots?: readonly string[]
  /** Who must own a mirror that nobody named: root. */
  readonly systemOwnerUid?: number
  /** Aborting ends a download. */
  readonly signal?: AbortSignal
}

const reasons: Record<FoundProvider['source'], string> = {
  option: 'named by GANTRY_PROVIDER_MIRROR',
  'cli-config': "named by Terraform's own CLI configuration",
  implied: "one of Terraform's own plugin directories",
  registry: 'downloaded by terraform init',
  system: 'a root-owned directory; no other place had one and the registry did not answer',
}

async function fromMirror(
  directory: string,
  source: FoundProvider['source'],
  constraint: string | undefined,
): Promise<FoundProvider | undefined> {
  const fitting = (await mirrorVersions(directory))
    .filter((version) => edgeOfVersion(version) && (!constraint || constraintOfVersion(version) === constraint))
    .sort(byFitness)
  const version = fitting[0]
  const edge = version && edgeOfVersion(version)
  if (!version || !edge) return undefined
  const message = `AWS provider ${version} (edge ${edge}) from ${directory}, ${reasons[source]}`
  return { mirrorDirectory: directory, version, constraint: constraintOfVersion(version), edge, source, message }
}

async function first(directories: readonly string[], source: FoundProvider['source'], constraint: string | undefined) {
  for (const directory of directories) {
    const found = await fromMirror(directory, source, constraint)
    if (found) return found
  }
  return undefined
}

const wanted = (constraint: string | undefined): string => constraint ?? `${preferredConstraint} or ${fallbackConstraint}`

/** Finds the AWS provider for Terraform; throws one sentence with the fix where none fits. */
export async function findProvider(options: FindProviderOptions): Promise<FoundProvider> {
  const { mirror, env, constraint } = options
  if (mirror) {
    const found = await fromMirror(mirror, 'option', constraint)
    if (found) return found
    throw new Error(
      `GANTRY_PROVIDER_MIRROR is ${mirror}, which holds no registry.terraform.io/hashicorp/aws ${wanted(constraint)} for this machine: name a directory that does, or unset it.`,
    )
  }
  const local = (await first(await userMirrors(env), 'cli-config', constraint)) ?? (await first(impliedMirrors(env), 'implied', constraint))
  if (local) return local
  if (options.downloadDirectory) {
    const downloaded = await askRegistry({
      directory: options.downloadDirectory,
      constraint: constraint ?? preferredConstraint,
      terraform: options.terraform ?? 'terraform',
      env,
      ...(options.signal && { signal: options.signal }),
    })
    options.signal?.throwIfAborted()
    const found = downloaded && (await fromMirror(downloaded, 'registry', constraint))
    if (found) return found
  }
  const system = await first(await systemMirrors(options.systemRoots, options.systemOwnerUid), 'system', constraint)
  if (system) return system
  throw new Error(
    `No AWS provider ${wanted(constraint)} was found and the Terraform registry did not answer: connect to it once, or set GANTRY_PROVIDER_MIRROR to a directory that holds registry.terraform.io/hashicorp/aws.`,
  )
}
