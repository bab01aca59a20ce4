import { describe, expect, test } from 'vitest'
import type { FoundResource } from '../../aws/audit-server.ts'
import { adoptions } from '../../runner/adoption.ts'

const configuration = {
  aws_iam_role: { execution: { name: 'p-docs-execution' }, task: { name: 'p-docs-task' } },
  aws_iam_role_policy: { policy: { name: 'default', role: '${aws_iam_role.execution.name}' } },
  aws_lb_listener_rule: { rule: { listener_arn: 'arn:listener' } },
  aws_ecs_service: { service: { name: 'p-docs' } },
  aws_ecs_task_definition: { task: { family: 'p-docs' } },
  aws_appautoscaling_target: { target: { resource_id: 'service/p/${aws_ecs_service.service.name}' } },
  aws_security_group: { group: { name: 'p-docs' } },
  aws_vpc_security_group_ingress_rule: { in: { security_group_id: '${aws_security_group.group.id}', description: 'load balancer' } },
  aws_api_gateway_resource: {
    server: { parent_id: 'mcp', path_part: 'docs' },
    below: { parent_id: '${aws_api_gateway_resource.server.id}', path_part: '{proxy+}' },
  },
  aws_api_gateway_method: { any: { resource_id: '${aws_api_gateway_resource.below.id}', http_method: 'ANY' } },
  aws_api_gateway_integration: {
    any: { resource_id: '${aws_api_gateway_resource.below.id}', http_method: '${aws_api_gateway_method.any.http_method}' },
  },
}

const found = (type: string, name: string, importId = `id of ${name}`): FoundResource => ({ type, name, importId })
const addresses = (all: readonly FoundResource[], state: readonly string[] = []): string[] =>
  adoptions(configuration, all, state, 'docs').map(({ address }) => address)

describe('adoptions', () => {
  test.each([
    ['aws_iam_role', 'p-docs-task', 'aws_iam_role.task'],
    ['aws_iam_role_policy', 'p-docs-execution:default', 'aws_iam_role_policy.policy'],
    ['aws_lb_listener_rule', '/mcp/docs', 'aws_lb_listener_rule.rule'],
    ['aws_appautoscaling_target', 'service/p/p-docs', 'aws_appautoscaling_target.target'],
    ['aws_vpc_security_group_ingress_rule', 'p-docs load balancer', 'aws_vpc_security_group_ingress_rule.in'],
    ['aws_api_gateway_resource', '/mcp/docs', 'aws_api_gateway_resource.server'],
    ['aws_api_gateway_resource', '/mcp/docs/{proxy+}', 'aws_api_gateway_resource.below'],
    ['aws_api_gateway_integration', '/mcp/docs/{proxy+} ANY', 'aws_api_gateway_integration.any'],
  ])('find the place of %s %s', (type, name, address) => {
    expect(adoptions(configuration, [found(type, name, 'import-1')], [], 'docs')).toEqual([{ address, importId: 'import-1' }])
  })

  test('leave out what the state has', () => {
    expect(addresses([found('aws_iam_role', 'p-docs-task')], ['aws_iam_role.task'])).toEqual([])
  })

  test('leave out task definitions, which are made anew, and what the configuration does not have', () => {
    expect(addresses([found('aws_ecs_task_definition', 'p-docs'), found('aws_lb', 'p-docs')])).toEqual([])
  })

  test("do not take another server's", () => {
    expect(addresses([found('aws_iam_role', 'p-docs2-task'), found('aws_api_gateway_resource', '/mcp/docs2')])).toEqual([])
  })
})
