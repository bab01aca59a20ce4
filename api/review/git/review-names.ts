import { GantryError } from '../../../schema/error-code.ts'

interface RunName {
  readonly serverId: string
  readonly runId: string
}

/** The branch of a waiting run. */
export const planBranch = ({ serverId, runId }: RunName): string => `gantry/${checked(serverId)}/${checked(runId)}`

/** Keeps what was planned within reach after its branch has gone: a squash merge leaves no trace of the commit. */
export const keptRef = (runId: string): string => `refs/gantry/runs/${checked(runId)}`

export const runTrailer = 'Gantry-Run'

export const serverDirectory = (serverId: string): string => `servers/${checked(serverId)}/`

/** A server's definition, in any of its forms; the id is the first group. */
export const definitionPath = /^servers\/([^/]+)\/definition\.(?:json|yaml|yml)$/

export const definitionNames: readonly string[] = ['definition.json', 'definition.yaml', 'definition.yml']

function checked(id: string): string {
  if (/^[A-Za-z0-9_-]{1,128}$/.test(id)) return id
  throw new GantryError('INVALID_REQUEST', `The id ${JSON.stringify(id)} cannot be part of a branch; expected letters, digits, - and _.`)
}
