import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
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
  const work = await mkdtemp(join(tmpdir(), 'gantry-terraform-'))
  try {
    await writeCliConfig(join(work, 'terraform.tfrc'), mirrorDirectory)
    const env = terraformEnvironment(process.env, join(work, 'terraform.tfrc'))
    await mkdir(join(directory, 'tests'), { recursive: true })
    const mockResources = Object.fromEntries(Object.entries(mocks).map(([type, defaults]) => [type, { defaults }]))
    const run = { run: { apply: { command: 'apply' } }, mock_provider: { aws: { mock_resource: mockResources } } }
    await writeFile(join(directory, 'tests', 'apply.tftest.json'), JSON.stringify(run))
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
  test_state?: { root_module: { resources: AppliedResource[] } }
}
const lines = (stdout: string): Line[] => stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))

function errors(stdout: string): string {
  const found = lines(stdout).flatMap(({ diagnostic }) => (diagnostic?.severity === 'error' ? [diagnostic] : []))
  return found.map(({ address, summary, detail }) => `${address}: ${summary} ${detail}`).join('\n') || stdout
}

function applied(stdout: string): AppliedResource[] {
  const state = lines(stdout).find(({ type }) => type === 'test_state')?.test_state
  if (!state) throw new Error(`terraform test told no state: ${stdout}`)
  return state.root_module.resources
}
