import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ServerSynthInput } from '../../schema/synth-input.ts'
import type { Course } from '../course.ts'
import { outputDirectory, type Project, synthesizedFiles } from '../project.ts'
import { invalidRevision, type RunContext, stackName } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'

const run = promisify(execFile)
const timeoutMilliseconds = 60_000

/** Runs the stacks bundle for one server: same input, same bytes. */
export async function synthesize(context: RunContext, { keepMode, desiredCount }: Partial<Course> = {}): Promise<Project> {
  const { config, server, definition, enabled, contract } = context
  if (!definition) throw invalidRevision(context)
  const project = { directory: join(context.directory, 'project'), stack: stackName(server.id) }
  const inputFile = join(context.directory, 'synth-input.json')
  const input: ServerSynthInput = {
    kind: 'server',
    uid: server.uid,
    definition,
    enabled,
    contract,
    ...(keepMode && { keepMode }),
    ...(desiredCount !== undefined && { desiredCount }),
  }
  await mkdir(project.directory, { recursive: true })
  await writeFile(inputFile, JSON.stringify(input))
  const env = {
    PATH: config.environment.PATH,
    HOME: config.environment.HOME,
    GANTRY_SYNTH_INPUT: inputFile,
    GANTRY_SYNTH_OUTDIR: join(project.directory, outputDirectory),
  }
  await run(process.execPath, [config.programs.stacks], { cwd: project.directory, env, timeout: timeoutMilliseconds }).catch(
    (error: { stderr?: string; message: string }) => {
      throw new RunFailure('SYNTH_FAILED', (error.stderr || error.message).trim().slice(-2000))
    },
  )
  const files = await synthesizedFiles(project).catch((): string[] => [])
  if (!files.includes('cdk.tf.json')) throw new RunFailure('SYNTH_FAILED', `Synthesis made no stack ${project.stack}.`)
  await writeProjectFile(project)
  return project
}

/** cdktf reads the app's command even where it is told not to synthesize. */
async function writeProjectFile(project: Project): Promise<void> {
  const content = { language: 'typescript', app: 'false', output: outputDirectory, sendCrashReports: 'false' }
  await writeFile(join(project.directory, 'cdktf.json'), JSON.stringify(content))
}
