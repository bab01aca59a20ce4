import { createPublicKey } from 'node:crypto'
import { CodeBuildClient, CreateProjectCommand } from '@aws-sdk/client-codebuild'
import { CreateKeyCommand, GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { handler as authorize } from '../../api/authorizer.ts'
import { handler as control } from '../../api/lambda.ts'
import { handler as reconcile } from '../../api/reconciler.ts'
import { contractParameter } from '../../schema/contract.ts'
import { createApi, stdio } from './create-api.ts'
import { createContract } from './create-contract.ts'
import { authorizerEvent, proxyEvent } from './gateway-events.ts'

const platform = 'entrances'
const before = { ...process.env }
let api: Awaited<ReturnType<typeof createApi>>
let identityKeyArn = ''
let publicKey: ReturnType<typeof createPublicKey>

beforeAll(async () => {
  api = await createApi(inject('emulatorUrl'))
  Object.assign(process.env, {
    GANTRY_PLATFORM: platform,
    GANTRY_TABLE: api.store.table,
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: inject('emulatorUrl'),
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  })
  const kms = new KMSClient({})
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }))
  identityKeyArn = KeyMetadata?.Arn ?? ''
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: identityKeyArn }))
  publicKey = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' })
  const contract = createContract({
    platform,
    identityKey: { arn: identityKeyArn, publicKey: Buffer.from(PublicKey ?? []).toString('base64') },
  })
  await new SSMClient({}).send(
    new PutParameterCommand({ Name: contractParameter(platform), Value: JSON.stringify(contract), Type: 'String' }),
  )
  await new CodeBuildClient({}).send(
    new CreateProjectCommand({
      name: `gantry-${platform}-runner`,
      source: { type: 'NO_SOURCE', buildspec: 'version: 0.2' },
      artifacts: { type: 'NO_ARTIFACTS' },
      environment: { type: 'LINUX_CONTAINER', image: 'x', computeType: 'BUILD_GENERAL1_SMALL' },
      serviceRole: 'arn:aws:iam::123456789012:role/runner',
    }),
  )
})
afterAll(() => {
  process.env = before
})

describe('lambda.ts', () => {
  const headers = () => ({ Authorization: [`Bearer ${api.admin.token}`], 'content-type': ['application/json'] })

  test('creates a server from a REST API event, starts its build, and answers in the event’s own shape', async () => {
    const event = proxyEvent('POST', '/servers', { headers: headers(), body: JSON.stringify({ ...stdio, name: 'from-lambda' }) })
    const answer = await control(event)
    expect([answer.statusCode, answer.isBase64Encoded]).toEqual([202, false])
    expect(answer.multiValueHeaders?.location).toEqual(['https://gantry.example.com/live/servers/fromlambda'])
    const { run } = JSON.parse(answer.body)
    const read = await control(proxyEvent('GET', `/runs/${run.id}`, { headers: headers() }))
    expect(JSON.parse(read.body).buildId).toContain(`gantry-${platform}-runner:`)
    const audit = await control(proxyEvent('GET', '/audit', { headers: headers(), query: { serverId: ['fromlambda'] } }))
    expect(JSON.parse(audit.body).items).toMatchObject([{ action: 'server:create', outcome: 'done', sourceIp: '203.0.113.7' }])
  })

  test('reads a body that API Gateway sends in base64', async () => {
    const body = JSON.stringify({ ...stdio, name: 'Bäse', description: '→ ü' })
    const event = proxyEvent('POST', '/servers', { headers: headers(), body: Buffer.from(body).toString('base64'), isBase64Encoded: true })
    expect((await control(event)).statusCode).toBe(202)
    const read = await control(proxyEvent('GET', '/servers/bse', { headers: headers() }))
    expect(JSON.parse(read.body).definition.description).toBe('→ ü')
  })

  test('reads queries from the multi-value map', async () => {
    const event = proxyEvent('GET', '/servers', { headers: headers(), query: { limit: ['1'] } })
    expect(JSON.parse((await control(event)).body).items).toHaveLength(1)
    const bad = await control(proxyEvent('GET', '/servers', { headers: headers(), query: { cursor: ['a&limit=1'] } }))
    expect([bad.statusCode, JSON.parse(bad.body).errors[0].path]).toEqual([400, 'cursor'])
  })

  test('does not stream: events as a stream are 406', async () => {
    const event = proxyEvent('GET', '/runs/x/events', { headers: { ...headers(), Accept: ['text/event-stream'] } })
    expect((await control(event)).statusCode).toBe(406)
  })

  test('refuses without a key, a body that is too large, and a path that is not there', async () => {
    expect((await control(proxyEvent('GET', '/servers', {}))).statusCode).toBe(401)
    const large = proxyEvent('POST', '/servers', { headers: headers(), body: 'x'.repeat(256 * 1024 + 1) })
    expect((await control(large)).statusCode).toBe(413)
    expect((await control(proxyEvent('GET', '/nothing', {}))).statusCode).toBe(404)
  })
})

describe('authorizer.ts', () => {
  test('answers for a real key and server, signed by KMS', async () => {
    await api.call('POST', '/servers', { body: { ...stdio, name: 'guarded', groups: ['a'] } })
    const member = await api.newKey({ groups: ['group:a'] })
    const answer = await authorize(authorizerEvent('guarded', { Authorization: `Bearer ${member.token}` }))
    expect(answer.policyDocument.Statement[0].Effect).toBe('Allow')
    const { payload } = await jwtVerify(answer.context.identity ?? '', publicKey, { audience: 'guarded', issuer: identityKeyArn })
    expect(payload).toMatchObject({ sub: `key:${member.id}`, groups: ['group:a'], admin: false })
  })

  test('answers no key, a wrong, a revoked one 401 and a key without the group 403', async () => {
    const revoked = await api.newKey({ admin: true })
    await api.call('DELETE', `/api-keys/${revoked.id}`)
    const wrong = `gantry_${'a'.repeat(16)}_${'b'.repeat(43)}`
    const refused: Record<string, string>[] = [{}, { Authorization: `Bearer ${wrong}` }, { Authorization: `Bearer ${revoked.token}` }]
    for (const headers of refused) await expect(authorize(authorizerEvent('guarded', headers))).rejects.toThrow(/^Unauthorized$/)
    const stranger = await api.newKey({ groups: ['group:b'] })
    const answer = await authorize(authorizerEvent('guarded', { Authorization: `Bearer ${stranger.token}` }))
    expect(answer.policyDocument.Statement[0].Effect).toBe('Deny')
  })
})

describe('reconciler.ts', () => {
  test('answers a build event by looking at every open run', async () => {
    const event = { source: 'aws.codebuild', 'detail-type': 'CodeBuild Build State Change', detail: { 'build-status': 'FAILED' } }
    expect(await reconcile(event)).toEqual({ started: [], ended: expect.any(Array) })
  })
})
