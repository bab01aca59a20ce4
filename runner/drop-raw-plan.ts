import { deleteObject } from '../aws/objects.ts'
import { artifactFile, type RunContext, runKey } from './run-context.ts'

/** Before a run ends: nobody can apply its plan any more, and it may hold what its readable text does not. */
export async function dropRawPlan({ clients, contract, current }: RunContext): Promise<void> {
  await deleteObject(clients.s3, contract.stateBucket, runKey(current.run.id, artifactFile)).catch((error: Error) => {
    // The bucket's own rules see to it.
    process.stderr.write(`the raw plan was not removed: ${error.message}\n`)
  })
}
