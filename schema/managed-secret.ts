/** The name of a managed secret in Secrets Manager; the uid keeps two lives of one server apart. */
export function managedSecretName(parts: { platform: string; serverId: string; uid: string; name: string }): string {
  return `gantry/${parts.platform}/${parts.serverId}/${parts.uid}/${parts.name}`
}
