import { join } from 'node:path'
import { PlatformSynthInput } from '../schema/platform-input.ts'
import type { FoundProvider } from '../terraform/find-provider.ts'
import { region } from './aws-environment.ts'
import type { PlatformSettings } from './platform-settings.ts'

export const platform = 'sandbox'
/** Any reference does: the ECS agent runs containers of this image as processes of this machine. */
export const runtimeImage = 'gantry/runtime:sandbox'

/** The sandbox's platform: what anybody's is, with a shared load balancer as default (a dedicated one costs a minute). */
export function platformInput(root: string, provider: FoundProvider, publicUrl: string, settings: PlatformSettings): PlatformSynthInput {
  const lambda = (name: string) => join(root, 'dist', 'lambda', name, 'index.mjs')
  return PlatformSynthInput.parse({
    kind: 'platform',
    platform,
    region,
    edge: provider.edge,
    providerVersion: provider.constraint,
    publicUrl,
    runtimeImage,
    runnerImage: 'gantry/runner:sandbox',
    files: {
      buildspec: join(root, 'runner', 'buildspec.yml'),
      stacksBundle: join(root, 'dist', 'stacks', 'main.mjs'),
      lambdas: { api: lambda('api'), authorizer: lambda('authorizer'), reconciler: lambda('reconciler') },
    },
    // Relative to the synthesized stack, so that the sandbox's directory can be moved.
    state: { type: 'local', path: '../../../terraform.tfstate' },
    defaults: { loadBalancer: 'shared', ...settings.defaults },
    // A laptop compares only when somebody asks.
    review: { driftEveryHours: 0, ...settings.review },
    removal: 'destroy',
  })
}
