import type { Principal } from './principal.ts'

/** Everything a caller can ask to do. */
export const actions = [
  'server:create',
  'server:list',
  'server:read',
  'server:update',
  'server:delete',
  'server:logs',
  'server:call',
  'revision:read',
  'run:create',
  'run:review',
  'run:cancel',
  'secret:write',
  'run:read',
  'key:create',
  'key:read',
  'key:revoke',
  'audit:read',
] as const
export type Action = (typeof actions)[number]

/** What a decision needs to know of a server. */
export interface ServerFacts {
  readonly id: string
  readonly uid: string
  readonly groups: readonly string[]
}

export type Decision = { readonly allow: true } | { readonly allow: false; readonly code: 'UNAUTHENTICATED' | 'FORBIDDEN' }

const allowed: Decision = { allow: true }
const forbidden: Decision = { allow: false, code: 'FORBIDDEN' }

/** The one decision function: deny by default, for the control plane, the authorizer and the sandbox's gateway alike. */
export function decide(principal: Principal | undefined, action: Action, server?: ServerFacts): Decision {
  if (!principal) return { allow: false, code: 'UNAUTHENTICATED' }
  if (principal.onlyServer) return opensItsOneServer(principal.onlyServer, action, server) ? allowed : forbidden
  if (action === 'server:read' || action === 'server:call') return server && sees(principal, server) ? allowed : forbidden
  if (action === 'server:list') return allowed
  return principal.admin ? allowed : forbidden
}

function opensItsOneServer(only: { id: string; uid: string }, action: Action, server?: ServerFacts): boolean {
  return action === 'server:call' && server !== undefined && server.id === only.id && server.uid === only.uid
}

function sees(principal: Principal, server: ServerFacts): boolean {
  return principal.admin || server.groups.length === 0 || server.groups.some((group) => principal.groups.includes(group))
}
