import { expect, test } from 'vitest'
import { parseConfig } from '../../../bridge/init/config.ts'

test.each(['s3://files/servers/docs', 's3://files/servers/docs/', 's3://files//servers/docs//'])('%s is a bucket and a prefix', (url) => {
  expect(parseConfig({ GANTRY_ARTIFACTS: url }).artifacts).toEqual({ bucket: 'files', prefix: 'servers/docs/', directory: '/app/server' })
})

test.each(['files/docs', 's3://files', 's3://files/', 's3:///docs'])('%s is refused by name', (url) => {
  expect(() => parseConfig({ GANTRY_ARTIFACTS: url })).toThrow('GANTRY_ARTIFACTS')
})

test('only what is asked for is filled', () => {
  expect(parseConfig({})).toEqual({ region: undefined, endpoint: undefined })
  expect(parseConfig({ GANTRY_RUNTIME_DIRECTORY: '/gantry' }).runtimeDirectory).toBe('/gantry')
})
