import { getObject } from '../aws/objects.ts'
import { stateKey } from '../schema/state-key.ts'
import type { RunContext } from './run-context.ts'

/** What a plan was made against; serial -1 and no lineage where there was no state. */
export interface StateBase {
  readonly serial: number
  readonly lineage: string
}

export interface StateObject extends StateBase {
  readonly etag: string
  readonly addresses: readonly string[]
  /** The ARN of the server's task definition. */
  readonly taskDefinition: string | undefined
}

interface StateFile {
  readonly serial: number
  readonly lineage: string
  readonly resources?: readonly StateResource[]
}

interface StateResource {
  readonly module?: string
  readonly mode: string
  readonly type: string
  readonly name: string
  readonly instances?: readonly { readonly index_key?: string | number; readonly attributes?: Readonly<Record<string, unknown>> }[]
}

const addressesOf = ({ module, mode, type, name, instances = [] }: StateResource): string[] => {
  if (mode !== 'managed') return []
  const base = `${module ? `${module}.` : ''}${type}.${name}`
  return instances.map(({ index_key: key }) => (key === undefined ? base : `${base}[${JSON.stringify(key)}]`))
}

const taskDefinitionOf = ({ resources = [] }: StateFile): string | undefined => {
  const found = resources.find(({ mode, type }) => mode === 'managed' && type === 'aws_ecs_task_definition')
  const arn = found?.instances?.[0]?.attributes?.arn
  return typeof arn === 'string' ? arn : undefined
}

/** The server's state as it lies in S3, or undefined where there is none. */
export async function readState(context: Pick<RunContext, 'clients' | 'contract' | 'server'>): Promise<StateObject | undefined> {
  const object = await getObject(context.clients.s3, context.contract.stateBucket, stateKey(context.server))
  if (!object) return undefined
  const state = JSON.parse(object.body.toString('utf8')) as StateFile
  const addresses = (state.resources ?? []).flatMap(addressesOf)
  return { serial: state.serial, lineage: state.lineage, etag: object.etag, addresses, taskDefinition: taskDefinitionOf(state) }
}

export async function readStateBase(context: RunContext): Promise<StateBase> {
  const state = await readState(context)
  return state ? { serial: state.serial, lineage: state.lineage } : { serial: -1, lineage: '' }
}
