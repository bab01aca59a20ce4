import type { JsonObject } from '../../schema/json-object.ts'

/** What we read of `terraform show -json <plan>`; the rest of it is left alone. */
export interface ShownPlan {
  readonly resource_changes?: readonly ShownChange[]
  readonly output_changes?: Readonly<Record<string, ShownValues>>
  readonly prior_state?: { readonly values?: { readonly root_module?: ShownModule } }
  readonly planned_values?: { readonly root_module?: ShownModule }
  readonly variables?: Readonly<Record<string, { readonly value?: unknown }>>
  readonly configuration?: {
    readonly root_module?: {
      readonly variables?: Readonly<Record<string, { readonly sensitive?: boolean; readonly default?: unknown }>>
      readonly resources?: readonly ConfiguredResource[]
    }
  }
}

export interface ShownModule {
  readonly resources?: readonly ShownResource[]
  readonly child_modules?: readonly ShownModule[]
}

export interface ShownResource {
  readonly address: string
  readonly mode: string
  readonly type: string
  readonly values?: JsonObject
  readonly sensitive_values?: unknown
}

export interface ConfiguredResource {
  readonly address: string
  readonly expressions?: JsonObject
}

/** Masks are `true` where a whole value is meant, or follow the value's own shape. */
export interface ShownValues {
  readonly before?: unknown
  readonly after?: unknown
  readonly after_unknown?: unknown
  readonly before_sensitive?: unknown
  readonly after_sensitive?: unknown
}

export interface ShownChange {
  readonly address: string
  readonly mode: string
  readonly type: string
  /** Of an object that an earlier, broken replacement left behind. */
  readonly deposed?: string
  readonly action_reason?: string
  readonly change: ShownValues & {
    readonly actions: readonly string[]
    readonly replace_paths?: readonly (readonly (string | number)[])[]
    readonly importing?: { readonly id?: string } | null
  }
}

/** Every resource of a state or of planned values, whatever module it is in. */
export function resourcesOf(module: ShownModule | undefined): ShownResource[] {
  if (!module) return []
  const own = (module.resources ?? []).filter(({ mode }) => mode === 'managed')
  return [...own, ...(module.child_modules ?? []).flatMap(resourcesOf)]
}
