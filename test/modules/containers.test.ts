import { expect, test } from 'vitest'
import { type Container, containers } from '../../modules/containers.ts'
import { Definition } from '../../schema/definition.ts'
import { resolveDefinition } from '../../schema/resolve-definition.ts'
import { exampleContract } from '../support/synth-inputs.ts'

const contract = exampleContract()

function made(definition: Record<string, unknown>): Map<string, Container> {
  const parsed = resolveDefinition(Definition.parse({ name: 'Docs', ...definition }), contract)
  const all = containers({ definition: parsed, uid: 'u1', serverId: 'docs', contract, logGroup: '/gantry/sandbox/docs' })
  return new Map(all.map((container) => [container.name, container]))
}

const stdio = (more: Record<string, unknown> = {}) => made({ serverType: 'stdio', startCommand: 'npx -y docs', ...more })
const http = (more: Record<string, unknown> = {}) => made({ serverType: 'http', startCommand: ['node', 'server.js'], ...more })
const names = (container?: Container) => container?.secrets?.map(({ name }) => name)
const environment = (container?: Container) => Object.fromEntries((container?.environment ?? []).map(({ name, value }) => [name, value]))

test('a stdio server is one container: the bridge, which starts the command for each session', () => {
  const all = stdio()
  expect([...all.keys()]).toEqual(['server'])
  expect(all.get('server')).toMatchObject({
    image: contract.runtimeImage,
    command: ['/opt/gantry/node', '/opt/gantry/bridge.mjs'],
    portMappings: [{ containerPort: 8080 }],
  })
  expect(environment(all.get('server')).GANTRY_COMMAND).toBe('["/bin/sh","-c","npx -y docs"]')
})

test('a command given as a list is executed as it is', () => {
  expect(environment(stdio({ startCommand: ['a b', '$c'] }).get('server')).GANTRY_COMMAND).toBe('["a b","$c"]')
})

test('an http server has the bridge as its neighbour, and only the bridge is exposed', () => {
  const all = http()
  expect([...all.keys()]).toEqual(['server', 'bridge'])
  expect(all.get('server')).toMatchObject({ command: ['node', 'server.js'] })
  expect(all.get('server')).not.toHaveProperty('portMappings')
  expect(environment(all.get('server')).PORT).toBe('8000')
  expect(environment(all.get('bridge'))).toMatchObject({ GANTRY_UPSTREAM_PORT: '8000', GANTRY_MCP_PATH: '/mcp', GANTRY_PORT: '8080' })
})

test('the bridge moves to 8081 where the server itself listens on 8080', () => {
  expect(http({ port: 8080 }).get('bridge')).toMatchObject({ portMappings: [{ containerPort: 8081, hostPort: 8081 }] })
})

test('user variables and secrets never reach the bridge beside an http server', () => {
  const all = http({ environment: { A: '1' }, secrets: { TOKEN: { managed: true } } })
  expect(environment(all.get('bridge'))).not.toHaveProperty('A')
  expect(names(all.get('bridge'))).toEqual(['GANTRY_SESSION_SECRET'])
})

test('what session ids are sealed with reaches the bridge, and no server beside it', () => {
  expect(names(stdio({ secrets: { TOKEN: { managed: true } } }).get('server'))).toEqual(['TOKEN', 'GANTRY_SESSION_SECRET'])
  expect(http().get('server')).not.toHaveProperty('secrets')
})

test('the public key and its issuer come from the contract', () => {
  const { publicKey, arn } = contract.identityKey
  expect(environment(stdio().get('server'))).toMatchObject({ GANTRY_IDENTITY_KEY: publicKey, GANTRY_IDENTITY_ISSUER: arn })
})

test('everything but the init container has a read-only root and /tmp for everything that wants a home', () => {
  const server = stdio().get('server')
  expect(server).toMatchObject({ readonlyRootFilesystem: true, stopTimeout: 120, user: '1000' })
  expect(server?.linuxParameters).toMatchObject({
    initProcessEnabled: true,
    tmpfs: [{ containerPath: '/tmp', size: 256, mountOptions: ['mode=1777', 'exec', 'nosuid', 'nodev'] }],
  })
  expect(environment(server)).toMatchObject({ HOME: '/tmp', npm_config_cache: '/tmp/.cache/npm' })
})

test('a bridge gives the memory of large bodies back, unless the definition says otherwise; a server beside it is left alone', () => {
  const threshold = (container?: Container) => environment(container).MALLOC_MMAP_THRESHOLD_
  const own = stdio({ environment: { MALLOC_MMAP_THRESHOLD_: '1' } })
  const beside = http()
  expect([stdio(), own].map((all) => threshold(all.get('server')))).toEqual(['131072', '1'])
  expect([threshold(beside.get('bridge')), threshold(beside.get('server'))]).toEqual(['131072', undefined])
})

test('an image of the caller gets the bridge from an init container, and keeps its own user', () => {
  const all = stdio({ image: 'node:22' })
  expect(all.get('init')).toMatchObject({ essential: false, user: '0', mountPoints: [{ containerPath: '/gantry', readOnly: false }] })
  expect(all.get('server')).toMatchObject({
    image: 'node:22',
    entryPoint: ['/gantry/lib/ld.so'],
    command: ['--library-path', '/gantry/lib', '/gantry/node', '/gantry/bridge.mjs'],
    dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }],
    mountPoints: [{ sourceVolume: 'gantry', containerPath: '/gantry', readOnly: true }],
  })
  expect(all.get('server')).not.toHaveProperty('user')
})

test('an http image needs no bridge inside, and without a start command runs its own', () => {
  const all = made({ serverType: 'http', image: 'node:22' })
  expect([...all.keys()]).toEqual(['server', 'bridge'])
  expect(all.get('server')).not.toHaveProperty('command')
})

test('files from S3 are filled into /app/server before anything starts', () => {
  const all = http({ s3Path: 'docs/v1' })
  expect(environment(all.get('init'))).toEqual({
    GANTRY_ARTIFACTS: `s3://${contract.artifactsBucket}/docs/v1`,
    GANTRY_FILES_DIRECTORY: '/app/server',
  })
  expect(all.get('server')).toMatchObject({
    workingDirectory: '/app/server',
    mountPoints: [{ containerPath: '/app/server', readOnly: true }],
  })
})

test('a health command given as a string runs under the shell', () => {
  const { healthCheck } = stdio({ containerHealthCheckConfig: { command: 'true', retries: 3 } }).get('server') ?? {}
  expect(healthCheck).toEqual({ command: ['CMD-SHELL', 'true'], retries: 3 })
})

test('a secret is bound by ARN, with key and stage where it has them', () => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-AbCdEf'
  const secrets = { B: { arn, jsonKey: 'k' }, A: { arn }, C: { managed: true } }
  expect(http({ secrets }).get('server')?.secrets).toEqual([
    { name: 'A', valueFrom: arn },
    { name: 'B', valueFrom: `${arn}:k::` },
    { name: 'C', valueFrom: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:gantry/sandbox/docs/u1/C' },
  ])
})
