import { expect, test } from 'vitest'
import { terraformEnvironment } from '../../terraform/environment.ts'

test('passes where and as whom to work, and nothing that changes how Terraform behaves', () => {
  const base = { PATH: '/bin', AWS_REGION: 'eu-west-1', TF_LOG: 'TRACE', TF_CLI_ARGS_apply: '-destroy', TF_VAR_x: '1', SECRET: 's' }
  const env = terraformEnvironment(base, '/rc')
  expect(env).toMatchObject({ PATH: '/bin', AWS_REGION: 'eu-west-1', TF_CLI_CONFIG_FILE: '/rc', TF_IN_AUTOMATION: '1' })
  expect(env).not.toHaveProperty('TF_LOG')
  expect(env).not.toHaveProperty('TF_CLI_ARGS_apply')
  expect(env).not.toHaveProperty('TF_VAR_x')
  expect(env).not.toHaveProperty('SECRET')
})
