import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type FoundProvider, findProvider } from '../terraform/find-provider.ts'
import type { SandboxConfig } from './config.ts'
import type { Layout } from './layout.ts'

/**
 * The AWS provider for this start. The first start chooses generation and edge; later ones take only what fits that choice,
 * so that a platform never changes its edge because another provider turned up.
 */
export async function chooseProvider(config: SandboxConfig, place: Layout, signal: AbortSignal): Promise<FoundProvider> {
  const chosen = readChoice(place.provider)
  try {
    return await findProvider({
      env: config.environment,
      mirror: config.providerMirror,
      downloadDirectory: join(place.directory, 'providers'),
      signal,
      ...(chosen && { constraint: chosen }),
    })
  } catch (error) {
    if (!chosen || signal.aborted) throw error
    throw new Error(`${(error as Error).message} This sandbox was made with ${chosen}; npm start -- --reset begins anew with another.`)
  }
}

export function keepChoice(file: string, provider: FoundProvider): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify({ constraint: provider.constraint }))
}

function readChoice(file: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { constraint: string }).constraint
  } catch {
    return undefined
  }
}
