import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { App } from 'cdktf'
import * as z from 'zod'
import { serverId } from '../schema/names.ts'
import { PlatformSynthInput } from '../schema/platform-input.ts'
import { ServerSynthInput } from '../schema/synth-input.ts'
import type { PackedRules } from './pack-rules.ts'
import { PlatformStack } from './platform-stack.ts'
import { ServerStack } from './server-stack.ts'
import { type ZipEntry, zip } from './zip.ts'

const SynthInput = z.discriminatedUnion('kind', [ServerSynthInput, PlatformSynthInput])

/**
 * Synthesizes one stack into `<outdir>/stacks/<stack>/`: `cdk.tf.json`, and beside it `server.auto.tfvars.json` or
 * `platform.auto.tfvars.json`. Same input, same bytes. Throws ZodError where the input is not one, and where rules do not parse.
 */
export async function synthesize(input: unknown, outdir: string): Promise<{ directory: string }> {
  const parsed = SynthInput.parse(input)
  const app = new App({ outdir })
  if (parsed.kind === 'server') {
    const stack = `server-${serverId(parsed.definition.name)}`
    const { variables } = new ServerStack(app, stack, parsed)
    app.synth()
    return written(outdir, stack, { 'server.auto.tfvars.json': json(variables) })
  }
  const packed = packLambdas(parsed.files)
  const rules = await rulesOf(parsed.review)
  const props = { input: parsed, zips: packed.zips, ...(rules ? { rules: { path: rulesFile, sha256: rules.sha256 } } : {}) }
  const { variables } = new PlatformStack(app, 'platform', props)
  app.synth()
  const files = { ...packed.files, ...(rules ? { [rulesFile]: rules.content } : {}) }
  return written(outdir, 'platform', { 'platform.auto.tfvars.json': json(variables), ...files })
}

function written(outdir: string, stack: string, files: { [name: string]: string | Buffer }): { directory: string } {
  const directory = join(outdir, 'stacks', stack)
  mkdirSync(directory, { recursive: true })
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content)
  return { directory }
}

const rulesFile = 'rules.json'

/** Loaded where there are rules only: a server's synthesis waits for none of it. */
async function rulesOf(review: PlatformSynthInput['review']): Promise<PackedRules | undefined> {
  if (review.policies === undefined && review.prices === undefined) return undefined
  const { packRules } = await import('./pack-rules.ts')
  return packRules(review)
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** Each function as `index.mjs`; the API also brings this bundle, which its dry run spawns. */
function packLambdas({ lambdas, stacksBundle }: PlatformSynthInput['files']) {
  const pack = (name: keyof typeof lambdas, more: readonly ZipEntry[] = []) => {
    const content = zip([{ name: 'index.mjs', content: readFileSync(lambdas[name]) }, ...more])
    const sha256 = createHash('sha256').update(content).digest('base64')
    return { file: [`${name}.zip`, content] as const, zip: { path: `${name}.zip`, sha256 } }
  }
  const bundle = stacksBundle === undefined ? [] : [{ name: 'stacks/main.mjs', content: readFileSync(stacksBundle) }]
  const [api, authorizer, reconciler] = [pack('api', bundle), pack('authorizer'), pack('reconciler')]
  return {
    zips: { api: api.zip, authorizer: authorizer.zip, reconciler: reconciler.zip },
    files: Object.fromEntries([api, authorizer, reconciler].map(({ file }) => file)),
  }
}
