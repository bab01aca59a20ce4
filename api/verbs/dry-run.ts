import type { Principal } from '../../access/principal.ts'
import { type ResolvedDefinition, resolveDefinition } from '../../schema/resolve-definition.ts'
import { authorise } from '../authorise.ts'
import type { ApiPorts } from '../ports.ts'
import { checkDefinition } from './check-definition.ts'

export interface DryRun {
  /** With every default filled in. */
  readonly definition: ResolvedDefinition
  readonly terraform: Readonly<Record<string, unknown>>
  /** Terraform addresses, in order. */
  readonly resources: string[]
}

/** What Gantry would plan for a definition; nothing is stored. */
export async function dryRun(ports: ApiPorts, principal: Principal, body: unknown): Promise<DryRun> {
  authorise(principal, 'server:create')
  const { definition, contract } = await checkDefinition(ports, body)
  const { files } = await ports.synth({ kind: 'server', uid: ports.newId().toLowerCase(), definition, enabled: true, contract })
  return { definition: resolveDefinition(definition, contract), terraform: files, resources: resourcesOf(files) }
}

function resourcesOf(files: Readonly<Record<string, unknown>>): string[] {
  return Object.values(files)
    .flatMap((file) => Object.entries((file as { resource?: Record<string, object> } | null)?.resource ?? {}))
    .flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`))
    .sort()
}
