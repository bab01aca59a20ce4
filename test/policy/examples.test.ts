import { expect, test } from 'vitest'
import { evaluatePolicies } from '../../policy/evaluate-policies.ts'
import { parsePolicies } from '../../policy/parse-policies.ts'
import { readPolicyFiles } from '../../policy/read-policy-files.ts'
import type { PolicyInput } from '../../schema/policy.ts'
import { exampleInput, noCost, resource } from '../support/policy-inputs.ts'

const result = parsePolicies(readPolicyFiles('examples/policies'))
const found = (input: PolicyInput) =>
  evaluatePolicies(result.ok ? result.policies : [], input).map(({ level, rule, message }) => `${level} ${rule}: ${message}`)
const cost = (before: number, after: number) => exampleInput({}, [], { ...noCost, before, after })
const ingress = 'aws_vpc_security_group_ingress_rule'

test('every example parses', () => {
  expect(result).toMatchObject({ ok: true })
})

test('a server without an image, on small resources, is found to be in order', () => {
  expect(found(exampleInput())).toEqual([])
})

test.each(['111122223333.dkr.ecr.eu-west-1.amazonaws.com/docs:1.2', 'ghcr.io/our-organisation/docs:2'])(
  'the image %s is allowed',
  (image) => {
    expect(found(exampleInput({ image }))).toEqual([])
  },
)

test.each([
  'docker.io/somebody/docs:1',
  'node:22',
  'ghcr.io/our-organisation-too/docs:1',
  'evil.io/111122223333.dkr.ecr.eu-west-1.amazonaws.com/docs:1',
])('the image %s is denied, naming it', (image) => {
  expect(found(exampleInput({ image }))).toEqual([expect.stringMatching(`^deny allowed-registries: The image ${image} `)])
})

test.each([
  ['a load balancer that faces the internet', 'aws_lb', { internal: false }, 'load-balancers-are-internal'],
  ['a load balancer that does not say', 'aws_lb', { internal: null }, 'load-balancers-are-internal'],
  ['ingress from every IPv4 address', ingress, { cidr_ipv4: '0.0.0.0/0' }, 'no-ingress-from-anywhere'],
  ['ingress from every IPv6 address', ingress, { cidr_ipv4: null, cidr_ipv6: '::/0' }, 'no-ingress-from-anywhere'],
  ['a method without an authorizer', 'aws_api_gateway_method', { http_method: 'ANY', authorization: 'NONE' }, 'routes-are-authorized'],
])('%s is denied', (_, type, after, rule) => {
  expect(found(exampleInput({}, [resource(type, after)]))).toEqual([expect.stringMatching(`^deny ${rule}: `)])
})

test.each([
  ['an internal load balancer', 'aws_lb', { internal: true }],
  ['ingress from a security group', ingress, { referenced_security_group_id: 'sg-1' }],
  ['ingress from a group that only the apply will tell', ingress, { cidr_ipv4: null, referenced_security_group_id: null }],
  ['a preflight', 'aws_api_gateway_method', { http_method: 'OPTIONS', authorization: 'NONE' }],
  ['a method with the authorizer', 'aws_api_gateway_method', { http_method: 'ANY', authorization: 'CUSTOM' }],
])('%s is in order', (_, type, after) => {
  expect(found(exampleInput({}, [resource(type, after)]))).toEqual([])
})

test('what goes is no exposure', () => {
  const gone = ['aws_lb', ingress, 'aws_api_gateway_method'].map((type) => resource(type, null, { action: 'delete' }))
  expect(found(exampleInput({}, gone))).toEqual([])
})

test('a server beyond the ceiling is denied with both amounts', () => {
  expect(found(cost(180, 200.5))).toEqual([expect.stringMatching(/^deny cost-ceiling: .*200\.5 dollars a month; 200 are allowed/)])
})

test('a server at the ceiling is in order', () => {
  expect(found(cost(180, 200))).toEqual([])
})

test('a server beyond the ceiling may become cheaper', () => {
  expect(found(cost(400, 300))).toEqual([])
})

test('a cost that rises by more than half is a warning', () => {
  expect(found(cost(20, 40))).toEqual([expect.stringMatching(/^warn cost-rise: .* from 20 to 40 dollars/)])
})
