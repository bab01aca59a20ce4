/** Who calls, as far as access is concerned. `groups` are normalized (`group:x`). */
export interface Principal {
  readonly id: string
  readonly admin: boolean
  readonly groups: readonly string[]
  /** A run's own key: this one life of one server, and only to call it. */
  readonly onlyServer?: { readonly id: string; readonly uid: string }
}
