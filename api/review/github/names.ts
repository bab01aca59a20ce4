/** The branch of a run's pull request. */
export const branchOf = (serverId: string, runId: string): string => `gantry/${serverId}/${runId}`

/** Whether a branch is kept for runs: what stands there is no proposal. */
export const isOurBranch = (branch: string): boolean => branch.startsWith('gantry/')

export const directoryOf = (serverId: string): string => `servers/${serverId}`

/** Where somebody commits a definition; the first group is the server's id. */
export const definitionPath = /^servers\/([^/]+)\/definition\.(?:json|ya?ml)$/
