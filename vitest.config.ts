import { defineConfig } from 'vitest/config'
import { findProvider } from './terraform/find-provider.ts'
import { SandboxLast } from './test/support/sandbox-last.ts'

const long = 'test/**/*.long.test.ts'
const edgeNlb = 'test/e2e/provider-5.100.long.test.ts'
/** The edge that a start with these settings would take here, where there is a provider for it. */
const edgeOf = (settings: Parameters<typeof findProvider>[0]) =>
  findProvider(settings).then(
    ({ edge }) => edge,
    () => undefined,
  )
/** Provider 5.100 is taken where nothing is configured and the registry is out of reach. */
const hasEdgeNlb = (await edgeOf({ env: {} })) === 'nlb'
const needEdgeAlb = ['test/e2e/dedicated.long.test.ts', 'test/e2e/rolling.long.test.ts']
const unfit = (await edgeOf({ mirror: process.env.GANTRY_PROVIDER_MIRROR, env: process.env })) === 'nlb' ? needEdgeAlb : []
const special = ['test/**/*.aws.test.ts', 'test/**/*.terraform.test.ts', 'test/e2e/**', long]

// One run of a server waits for half of its time, so three files at a time use both cores of a small machine.
export default defineConfig({
  test: {
    maxWorkers: 3,
    sequence: { sequencer: SandboxLast },
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: special, testTimeout: 20_000 } },
      // Against the emulator itself: one process for the whole project, a fresh table or name for each test.
      {
        test: {
          name: 'aws',
          include: ['test/**/*.aws.test.ts'],
          globalSetup: 'test/support/emulator-setup.ts',
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      // Against the real Terraform and the real AWS provider, without an emulator.
      {
        test: {
          name: 'terraform',
          include: ['test/**/*.terraform.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      // Against one whole sandbox.
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: [long, ...unfit],
          globalSetup: 'test/support/sandbox-setup.ts',
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'long',
          include: [long],
          exclude: hasEdgeNlb ? unfit : [edgeNlb, ...unfit],
          globalSetup: 'test/support/sandbox-setup.ts',
          testTimeout: 1_200_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
})
