import type { Definition } from './definition.ts'
import { parseDefinition } from './parse-definition.ts'

/** What begins the names of all managed secrets of a server, or of one life of it. */
export const managedSecretPrefix = ({ platform, serverId, uid }: { platform: string; serverId: string; uid?: string }): string =>
  `gantry/${platform}/${serverId}/${uid === undefined ? '' : `${uid}/`}`

/** The name of a managed secret in Secrets Manager; the uid keeps two lives of one server apart. */
export function managedSecretName(parts: { platform: string; serverId: string; uid: string; name: string }): string {
  return `${managedSecretPrefix(parts)}${parts.name}`
}

/** Among the managed secrets of a server the one that its stack makes: no definition can name it, the prefix is reserved. */
export const sessionSecret = 'GANTRY_SESSION_SECRET'

/** The same of a definition as it was sent; none where today's schema refuses it. */
export function managedSecretsOf(sent: unknown): string[] {
  const parsed = parseDefinition(sent)
  return parsed.ok ? managedSecrets(parsed.definition) : []
}

/** The secrets of a definition whose values Gantry keeps in Secrets Manager. */
export function managedSecrets({ secrets }: Pick<Definition, 'secrets'>): string[] {
  return Object.entries(secrets).flatMap(([name, secret]) => ('managed' in secret ? [name] : []))
}
