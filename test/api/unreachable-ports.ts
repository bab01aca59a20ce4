import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { systemClock } from '../../api/adapters/system-clock.ts'
import type { ApiPorts } from '../../api/ports.ts'
import { connectStore } from '../../store/store-context.ts'
import { createContract } from './create-contract.ts'

/** Nothing listens behind it: what never reaches the store is answered all the same. */
const client = new DynamoDBClient({
  endpoint: 'http://127.0.0.1:1',
  region: 'eu-west-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
})

export const unreachablePorts: ApiPorts = {
  store: connectStore(client, 'none'),
  contract: async () => createContract(),
  contractSha256: async () => '',
  startBuild: async () => 'b',
  synth: async () => ({ files: {} }),
  artifacts: { readText: async () => undefined, list: async () => [], remove: async () => {} },
  secrets: { create: async () => undefined, put: async () => undefined, removeAll: async () => undefined },
  rollService: async () => undefined,
  stack: { facts: async () => ({ targets: [] }), logs: async () => ({ lines: [], after: '0' }) },
  streamsEvents: true,
  clock: systemClock,
  newId: () => '01',
  log: () => undefined,
}
