const prefix = 'group:'

/** Groups as they are compared: trimmed, `group:x`, each once, in the order given. Idempotent. */
export const normalizeGroups = (groups: readonly string[]): string[] => [...new Set(groups.map(normalizeGroup))]

function normalizeGroup(group: string): string {
  const trimmed = group.trim()
  return trimmed.startsWith(prefix) ? trimmed : prefix + trimmed
}
