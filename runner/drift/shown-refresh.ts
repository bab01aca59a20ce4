import type { JsonObject } from '../../schema/json-object.ts'

/** A resource as `terraform show -json` tells that it is not as its state says. */
interface ShownResourceDrift {
  readonly address: string
  readonly mode: string
  readonly type: string
  readonly deposed?: string
  readonly change: {
    readonly actions: readonly string[]
    readonly before: JsonObject | null
    readonly after: JsonObject | null
    /** The shape of the value with `true` where it is sensitive. */
    readonly before_sensitive?: unknown
    readonly after_sensitive?: unknown
  }
}

/** A resource as it was found. */
export interface FoundResource {
  readonly address: string
  readonly mode: string
  readonly type: string
  readonly values: JsonObject
}

/** What is read of a refresh-only plan. A server's stack has no child modules. */
export interface ShownRefresh {
  readonly resource_drift?: readonly ShownResourceDrift[]
  readonly prior_state?: { readonly values?: { readonly root_module?: { readonly resources?: readonly FoundResource[] } } }
}

/** The managed resources that there are. */
export const foundResources = ({ prior_state: state }: ShownRefresh): FoundResource[] =>
  (state?.values?.root_module?.resources ?? []).filter(({ mode }) => mode === 'managed')
