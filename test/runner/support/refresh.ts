import type { Drift } from '../../../runner/drift/drift-of.ts'
import type { ShownRefresh } from '../../../runner/drift/shown-refresh.ts'

/** What Terraform shows of one resource that is another than its state says; `others` are in the state too. */
export const refresh = (
  type: string,
  before: Record<string, unknown>,
  after: Record<string, unknown> | null,
  { others = [], sensitive = {} }: { others?: object[]; sensitive?: object } = {},
): ShownRefresh =>
  ({
    resource_drift: [
      {
        address: `${type}.x`,
        mode: 'managed',
        type,
        change: { actions: [after ? 'update' : 'delete'], before, after, before_sensitive: sensitive, after_sensitive: sensitive },
      },
    ],
    prior_state: { values: { root_module: { resources: others.map((other) => ({ mode: 'managed', ...other })) } } },
  }) as unknown as ShownRefresh

/** What has drifted, each as its type and its path, or what happened to all of it. */
export const pathsOf = ({ drifted }: Drift) => drifted.map(({ change }) => `${change.type} ${change.path ?? change.action}`)
