import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getObject } from '../../aws/objects.ts'
import { unpackFiles } from '../archive.ts'
import { type Project, stackDirectory } from '../project.ts'
import { appliedKey, invalidRevision, type RunContext, stackName } from '../run-context.ts'
import { type StackJson, withoutTasks } from '../without-tasks.ts'

/** The files last applied; undefined where there are none. */
export async function appliedProject({ clients, contract, server, directory }: RunContext): Promise<Project | undefined> {
  const archive = await getObject(clients.s3, contract.stateBucket, appliedKey(server))
  if (!archive) return undefined
  const project = { directory: join(directory, 'project'), stack: stackName(server.id) }
  await unpackFiles(archive.body, project.directory)
  return project
}

/** The files last applied, asking for no task: a stop needs no revision that today's schema accepts. */
export async function stoppedProject(context: RunContext): Promise<Project> {
  const project = await appliedProject(context)
  if (!project) throw invalidRevision(context)
  const file = join(stackDirectory(project), 'cdk.tf.json')
  const stack = JSON.parse(await readFile(file, 'utf8')) as StackJson
  await writeFile(file, JSON.stringify(withoutTasks(stack), null, 2))
  return project
}
