import { type Action, decide, type ServerFacts } from '../access/decide.ts'
import type { Principal } from '../access/principal.ts'
import { GantryError } from '../schema/error-code.ts'

/** Throws FORBIDDEN where the caller may not. */
export function authorise(principal: Principal, action: Action, server?: ServerFacts): void {
  const decision = decide(principal, action, server)
  if (!decision.allow) throw new GantryError(decision.code, `This key may not do ${action}.`)
}
