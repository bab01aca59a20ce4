import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeCliConfig } from '../../terraform/cli-config.ts'
import { terraformEnvironment } from '../../terraform/environment.ts'
import { startTerraform } from '../../terraform/run-terraform.ts'

/** One resource as Terraform holds it after an apply with a mocked provider. */
export interface AppliedResource {
  readonly address: string
  readonly type: string
  readonly values: Record<string, unknown>
}

const arn = 'arn:aws:mock:eu-west-1:123456789012:mock/mock'
const keyId = '87751d4c-a850-4e2c-84dc-da6a797d76de'
const balancing = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012'

/** The provider checks ARNs wherever one resource names another: a mock's random letters would not pass. */
const mocks: { [type: string]: { [attribute: string]: string } } = {
  aws_lb: { arn: `${balancing}:loadbalancer/app/mock/0123456789abcdef`, arn_suffix: 'app/mock/0123456789abcdef' },
  aws_lb_listener: { arn: `${balancing}:listener/app/mock/0123456789abcdef/fedcba9876543210` },
  aws_lb_target_group: { arn: `${balancing}:targetgroup/mock/0123456789abcdef`, arn_suffix: 'targetgroup/mock/0123456789abcdef' },
  aws_iam_role: { arn: 'arn:aws:iam::123456789012:role/gantry/mock' },
  aws_iam_policy: { arn: 'arn:aws:iam::123456789012:policy/gantry/mock' },
  aws_ecs_task_definition: { arn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/mock:1' },
  aws_lambda_function: { arn: 'arn:aws:lambda:eu-west-1:123456789012:function:mock', invoke_arn: arn },
  aws_api_gateway_rest_api: { execution_arn: 'arn:aws:execute-api:eu-west-1:123456789012:mock' },
  aws_kms_key: { id: keyId, key_id: keyId, arn: `arn:aws:kms:eu-west-1:123456789012:key/${keyId}` },
  aws_s3_bucket: { arn: 'arn:aws:s3:::mock' },
  ...Object.fromEntries(
    ['aws_cloudwatch_log_group', 'aws_cloudwatch_event_rule', 'aws_dynamodb_table', 'aws_ecs_cluster', 'aws_ecr_repository'].map((type) => [
      type,
      { arn },
    ]),
  ),
}

/** Applies the stack in `directory` with the real provider's schema and validation, and nothing behind it. Throws what Terraform says. */
export async function applyMocked(directory: string, mirrorDirectory: string): Promise<AppliedResource[]> {
  await mkdir(join(directory, 'tests'), { recursive: true })
  await dropEphemerals(directory)
  const states = await mockedTest(directory, mirrorDirectory, { run: { apply: { command: 'apply' } } })
  const state = states.get('apply')
  if (!state) throw new Error('terraform test told no state')
  return state
}

/** The same for many stacks in one process: by the keys of `stacks`, whose values are directories of synthesized stacks. */
export async function applyAllMocked(
  stacks: Readonly<Record<string, string>>,
  mirrorDirectory: string,
  constraint: string,
): Promise<Map<string, AppliedResource[]>> {
  const root = await mkdtemp(join(tmpdir(), 'gantry-matrix-'))
  try {
    const provider = { aws: { source: 'hashicorp/aws', version: constraint } }
    await writeFile(join(root, 'main.tf.json'), JSON.stringify({ terraform: { required_providers: provider } }))
    await mkdir(join(root, 'tests'))
    const run: Record<string, object> = {}
    for (const [name, directory] of Object.entries(stacks)) {
      await cp(directory, join(root, name), { recursive: true })
      await dropEphemerals(join(root, name))
      // Files of values are read for the root only; in a test file a template would be evaluated.
      const values = await readFile(join(directory, 'server.auto.tfvars.json'), 'utf8')
      const variables = JSON.parse(values.replaceAll('${', () => '$${').replaceAll('%{', () => '%%{'))
      run[name] = { command: 'apply', module: { source: `./${name}` }, variables }
    }
    return await mockedTest(root, mirrorDirectory, { run })
  } finally {
    await rm(root, { recursive: true })
  }
}

/** A mocked provider opens no ephemeral resources: what they would draw is a word. */
async function dropEphemerals(directory: string): Promise<void> {
  const file = join(directory, 'cdk.tf.json')
  const { ephemeral: _drawn, ...stack } = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, JSON.stringify(stack).replaceAll(/\$\{ephemeral\.[^}]+\}/g, 'drawn'))
}

async function mockedTest(directory: string, mirrorDirectory: string, test: { run: object }): Promise<Map<string, AppliedResource[]>> {
  const work = await mkdtemp(join(tmpdir(), 'gantry-terraform-'))
  try {
    await writeCliConfig(join(work, 'terraform.tfrc'), mirrorDirectory)
    const env = terraformEnvironment(process.env, join(work, 'terraform.tfrc'))
    const mockResources = Object.fromEntries(Object.entries(mocks).map(([type, defaults]) => [type, { defaults }]))
    const mocked = { ...test, mock_provider: { aws: { mock_resource: mockResources } } }
    await writeFile(join(directory, 'tests', 'apply.tftest.json'), JSON.stringify(mocked))
    const terraform = async (...args: string[]) => {
      const result = await startTerraform({ args, cwd: directory, env }).done
      if (result.exitCode !== 0) throw new Error(`terraform ${args.join(' ')}: ${errors(result.stdout)}${result.stderr}`)
      return result.stdout
    }
    await terraform('init', '-backend=false', '-no-color')
    return applied(await terraform('test', '-json', '-verbose'))
  } finally {
    await rm(work, { recursive: true })
  }
}

type Line = { type?: string; diagnostic?: { severity: string; summary: string; detail: string; address?: string } } & {
  '@testrun'?: string
  test_state?: { root_module: { resources: AppliedResource[] } }
}
const lines = (stdout: string): Line[] => stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))

function errors(stdout: string): string {
  const found = lines(stdout).flatMap((line) =>
    line.diagnostic?.severity === 'error' ? [{ ...line.diagnostic, run: line['@testrun'] }] : [],
  )
  return found.map(({ run, address, summary, detail }) => `${run} ${address}: ${summary} ${detail}`).join('\n') || stdout
}

const applied = (stdout: string): Map<string, AppliedResource[]> =>
  new Map(
    lines(stdout).flatMap((line) =>
      line.type === 'test_state' && line.test_state ? [[line['@testrun'] ?? '', line.test_state.root_module.resources] as const] : [],
    ),
  )
