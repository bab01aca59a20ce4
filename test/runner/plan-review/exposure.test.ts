import { describe, expect, test } from 'vitest'
import { findRisks } from '../../../runner/plan-review/find-risks.ts'
import type { ShownChange, ShownPlan } from '../../../runner/plan-review/shown-plan.ts'
import { planOf, shownChange } from './shown-change.ts'

const rule = (more: object) => ({ security_group_id: 'sg-own', ip_protocol: 'tcp', from_port: 8080, to_port: 8081, ...more })
const ingress = 'aws_vpc_security_group_ingress_rule'

/** The rules as the state has them, and one change. */
const plan = (change: ShownChange, ...before: object[]): ShownPlan => ({
  ...planOf(change),
  prior_state: {
    values: {
      root_module: {
        resources: before.map((values, index) => ({
          address: `${ingress}.r${index}`,
          mode: 'managed',
          type: ingress,
          values: { ...values },
        })),
      },
    },
  },
})
const exposed = (shown: ShownPlan, options: { first?: boolean } = {}): string[] =>
  findRisks(shown, { first: false, platformSecurityGroups: ['sg-platform'], ...options })
    .filter(({ kind }) => kind === 'exposure')
    .flatMap(({ details }) => details)
const created = (more: object, change: object = {}): ShownChange =>
  shownChange(ingress, 'create', { before: null, after: rule(more), ...change })

describe('ingress', () => {
  test('a new network is named with its ports', () => {
    expect(exposed(plan(created({ cidr_ipv4: '10.0.0.0/8' })))).toEqual(['lets in 10.0.0.0/8 on tcp ports 8080-8081'])
  })

  test('a rule in a network and in ports that the same group admits already is no exposure', () => {
    const before = rule({ cidr_ipv4: '10.0.0.0/8', from_port: 0, to_port: 9000 })
    expect(exposed(plan(created({ cidr_ipv4: '10.1.0.0/16' }), before))).toEqual([])
  })

  test('what another security group admits covers nothing', () => {
    const before = rule({ cidr_ipv4: '10.0.0.0/8', security_group_id: 'sg-other' })
    expect(exposed(plan(created({ cidr_ipv4: '10.0.0.0/8' }), before))).toHaveLength(1)
  })

  test('an update to a wider network counts', () => {
    const before = rule({ cidr_ipv4: '10.0.0.0/16' })
    const change = shownChange(ingress, 'update', { before, after: rule({ cidr_ipv4: '10.0.0.0/8' }) })
    expect(exposed(plan(change, before))).toEqual(['lets in 10.0.0.0/8 on tcp ports 8080-8081'])
  })

  test('a load balancer of the platform may come', () => {
    expect(exposed(plan(created({ referenced_security_group_id: 'sg-platform' })))).toEqual([])
  })

  test('more ports for a load balancer of the platform count', () => {
    const before = rule({ referenced_security_group_id: 'sg-platform' })
    const change = shownChange(ingress, 'update', { before, after: rule({ referenced_security_group_id: 'sg-platform', to_port: 9000 }) })
    expect(exposed(plan(change, before))).toEqual(['lets in sg-platform on tcp ports 8080-9000'])
  })

  test('a security group of somebody else counts', () => {
    expect(exposed(plan(created({ referenced_security_group_id: 'sg-strange' })))).toHaveLength(1)
  })

  test('a security group that this plan makes is the server’s own', () => {
    expect(exposed(plan(created({}, { after_unknown: { referenced_security_group_id: true } })))).toEqual([])
  })

  test('a network that only the apply will tell counts', () => {
    expect(exposed(plan(created({}, { after_unknown: { cidr_ipv4: true } })))).toEqual([
      'lets in a source known only after the apply on tcp ports 8080-8081',
    ])
  })

  test('rules inside of a security group count', () => {
    const block = { protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/0'], ipv6_cidr_blocks: ['::/0'] }
    const change = shownChange('aws_security_group', 'update', { before: { id: 'sg-own' }, after: { id: 'sg-own', ingress: [block] } })
    expect(exposed(plan(change))).toEqual(['lets in 0.0.0.0/0 on every port and protocol', 'lets in ::/0 on every port and protocol'])
  })

  test('of a first creation only the whole internet counts', () => {
    expect(exposed(plan(created({ cidr_ipv4: '10.0.0.0/8' })), { first: true })).toEqual([])
    expect(exposed(plan(created({ cidr_ipv6: '::/0' })), { first: true })).toHaveLength(1)
  })
})

describe('methods and load balancers', () => {
  const method = (http_method: string, authorization: string) => ({ http_method, authorization })
  test('a method that nobody authorizes any more counts', () => {
    const change = shownChange('aws_api_gateway_method', 'update', { before: method('ANY', 'CUSTOM'), after: method('ANY', 'NONE') })
    expect(exposed(planOf(change))).toEqual(['authorization CUSTOM → NONE: whoever finds it may call it'])
  })

  test('OPTIONS without authorization is as it should be, any other method is not', () => {
    const create = (name: string) => shownChange('aws_api_gateway_method', 'create', { after: method(name, 'NONE') })
    expect(exposed(planOf(create('OPTIONS')), { first: true })).toEqual([])
    expect(exposed(planOf(create('GET')), { first: true })).toHaveLength(1)
  })

  test('a load balancer that turns to the internet counts', () => {
    const change = shownChange('aws_lb', 'replace', { before: { internal: true }, after: { internal: false } })
    expect(exposed(planOf(change))).toEqual(['the load balancer faces the internet'])
  })

  test('tasks that get public addresses count', () => {
    const of = (assign_public_ip: boolean) => ({ network_configuration: [{ assign_public_ip }] })
    expect(exposed(planOf(shownChange('aws_ecs_service', 'update', { before: of(false), after: of(true) })))).toHaveLength(1)
  })
})
