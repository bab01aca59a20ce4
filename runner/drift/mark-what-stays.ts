import { isJsonObject, type JsonObject } from '../../schema/json-object.ts'
import type { Drifted } from './drift-of.ts'

/** What is read of an ordinary plan against the files last applied. */
export interface ShownPlan {
  readonly resource_changes?: readonly {
    readonly address: string
    readonly change: { readonly actions: readonly string[]; readonly before: JsonObject | null; readonly after: JsonObject | null }
  }[]
}

/** Marks what no apply would change back: attributes that the stack does not set, which the provider leaves to AWS. */
export function markWhatStays(drifted: readonly Drifted[], plan: ShownPlan): Drifted[] {
  const changes = new Map(plan.resource_changes?.map(({ address, change }) => [address, change]))
  return drifted.map((each) => {
    const change = changes.get(each.change.address)
    const acts = change?.actions.some((action) => action !== 'no-op' && action !== 'read')
    const undone = change && acts && touches(change, each.segments[0])
    return undone ? each : { ...each, change: { ...each.change, stays: true } }
  })
}

function touches(change: { before: JsonObject | null; after: JsonObject | null }, attribute: string | number | undefined): boolean {
  if (attribute === undefined || !isJsonObject(change.before) || !isJsonObject(change.after)) return true
  return JSON.stringify(change.before[attribute]) !== JSON.stringify(change.after[attribute])
}
