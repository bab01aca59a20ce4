import type { ApiPorts } from '../ports.ts'

/** Removes the raw plan of a run that nobody can apply any more; where it cannot, the bucket's own rules see to it. */
export async function dropPlan(ports: Pick<ApiPorts, 'artifacts' | 'log'>, runId: string): Promise<void> {
  await ports.artifacts
    .remove(`runs/${runId}/artifact.tar.gz`)
    .catch((error: unknown) => ports.log({ event: 'artifact.not-removed', runId, error }))
}
