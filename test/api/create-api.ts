import { ulid } from 'ulid'
import { mintKey } from '../../access/mint-key.ts'
import { systemClock } from '../../api/adapters/system-clock.ts'
import { createApp } from '../../api/create-app.ts'
import type { ApiPorts } from '../../api/ports.ts'
import type { ApiKey } from '../../schema/api-key.ts'
import { managedSecretName, managedSecretPrefix } from '../../schema/managed-secret.ts'
import { createKey } from '../../store/keys.ts'
import { createStore } from '../support/create-store.ts'
import { createContract } from './create-contract.ts'

/** Of the contract as it stands. */
export const contractSha256 = 'c0'.repeat(32)

export const stdio = { name: 'Everything', serverType: 'stdio', startCommand: 'npx -y everything' }

/** The API on a table of its own, with a CodeBuild, a synth and a bucket that only remember. */
export async function createApi(emulatorUrl: string, changes: Partial<ApiPorts> = {}) {
  const store = await createStore(emulatorUrl)
  const started: string[] = []
  const objects = new Map<string, string>()
  const logged: { event: string }[] = []
  const contract = createContract()
  const secrets = new Map<string, string | undefined>()
  const rolled: string[] = []
  const ports: ApiPorts = {
    store,
    contract: async () => contract,
    contractSha256: async () => contractSha256,
    startBuild: async (runId) => {
      started.push(runId)
      return `gantry-test-runner:${runId}`
    },
    synth: async () => ({ files: { 'cdk.tf.json': { resource: { aws_ecs_service: { service: {} } } } } }),
    artifacts: {
      readText: async (key) => objects.get(key),
      remove: async (key) => void objects.delete(key),
      list: async (prefix) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(),
    },
    secrets: {
      create: async (owner, name) => {
        const key = managedSecretName({ ...owner, name })
        if (!secrets.has(key)) secrets.set(key, undefined)
      },
      put: async (owner, name, value) => void secrets.set(managedSecretName({ ...owner, name }), value),
      removeAll: async (owner) => {
        for (const key of secrets.keys()) if (key.startsWith(managedSecretPrefix(owner))) secrets.delete(key)
      },
    },
    rollService: async ({ serverId }) => void rolled.push(serverId),
    stack: { facts: async () => ({ targets: [] }), logs: async () => ({ lines: [], after: '0' }) },
    streamsEvents: true,
    clock: systemClock,
    newId: ulid,
    log: (entry) => logged.push(entry),
    ...changes,
  }
  const app = createApp(ports)

  async function newKey(of: Partial<ApiKey> = {}): Promise<{ id: string; token: string }> {
    const fields = { description: '', admin: false, groups: [], createdBy: 'test', createdAt: new Date().toISOString(), ...of }
    const { key, token } = mintKey(fields)
    await createKey(store, key)
    return { id: key.id, token }
  }
  const admin = await newKey({ admin: true })

  /** `token: null` sends no key; a body that is no string is sent as JSON. */
  async function call(
    method: string,
    path: string,
    options: { token?: string | null; body?: unknown; headers?: Record<string, string>; env?: object } = {},
  ) {
    const { token = admin.token, body, headers = {}, env } = options
    const init = {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    }
    const response = await app.request(path, init, env)
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, text, body: isJson && text ? JSON.parse(text) : undefined }
  }
  return { app, ports, store, admin, newKey, call, started, objects, logged, secrets, rolled }
}
