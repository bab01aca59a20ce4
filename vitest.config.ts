import { defineConfig } from 'vitest/config'
import { findProvider } from './terraform/find-provider.ts'

const long = 'test/**/*.long.test.ts'
const edgeNlb = 'test/e2e/provider-5.100.long.test.ts'
/** Whether a start without any configuration or registry would take provider 5.100 here. */
const hasEdgeNlb = await findProvider({ env: {} }).then(
  ({ edge }) => edge === 'nlb',
  () => false,
)
const special = ['test/**/*.aws.test.ts', 'test/**/*.terraform.test.ts', 'test/e2e/**', long]

// One run of a server keeps about one core busy, so two files at a time use both of a small machine.
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: special } },
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
          exclude: [long],
          globalSetup: 'test/support/sandbox-setup.ts',
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'long',
          include: [long],
          exclude: hasEdgeNlb ? [] : [edgeNlb],
          globalSetup: 'test/support/sandbox-setup.ts',
          testTimeout: 1_200_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
})
