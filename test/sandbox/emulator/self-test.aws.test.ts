import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { installEmulator } from '../../../sandbox/emulator/install-emulator.ts'
import { venvDirectory } from '../../support/venv-directory.ts'

const directory = fileURLToPath(new URL('../../../sandbox/emulator', import.meta.url))

async function python(program: string): Promise<string> {
  const executable = await installEmulator({ directory: venvDirectory })
  const ran = await promisify(execFile)(executable, ['-B', '-c', program], { cwd: directory }).catch((error) => error as { stderr: string })
  return ran.stderr.trim()
}

test('a moto that lacks a patched symbol is refused, and each one is named', async () => {
  const program = [
    'import patching',
    'from moto.ecs.responses import EC2ContainerServiceResponse as Ecs',
    'from moto.codebuild import responses',
    'del Ecs.create_service, responses._validate_required_params_source',
    'import addons',
    'patching.self_test()',
  ]
  const said = await python(program.join('\n'))
  expect(said).toContain('EC2ContainerServiceResponse.create_service is missing (addons.ecs replaces it)')
  expect(said).toContain('moto.codebuild.responses._validate_required_params_source is missing (addons.codebuild replaces it)')
})

test('a moto that has learnt what an add-on adds is refused too', async () => {
  const program = [
    'import patching',
    'from moto.ecs.responses import EC2ContainerServiceResponse as Ecs',
    'Ecs.list_service_deployments = lambda self: None',
    'import addons',
    'patching.self_test()',
  ]
  expect(await python(program.join('\n'))).toContain('EC2ContainerServiceResponse.list_service_deployments exists now')
})

test('the pinned moto passes', async () => {
  expect(await python('import addons, memory.durable, patching; patching.self_test()')).toBe('')
})
