import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import type { TaskAws } from './container-environment.ts'
import type { Engine } from './engine.ts'
import type { HostTools } from './platform-image.ts'
import type { Isolation } from './probe-isolation.ts'
import type { SecretClients } from './resolve-secrets.ts'

/** The machine that tasks run on. */
export interface TaskHost {
  readonly isolation: Isolation
  readonly clients: SecretClients & { readonly logs: CloudWatchLogsClient }
  readonly aws: TaskAws
  /** How this machine reaches the network: certificates, proxies, package indexes. */
  readonly network: Readonly<Record<string, string>>
  /** Holds `tasks/<id>` and the shared package caches. */
  readonly directory: string
  /** What tasks must not see: the user's HOME, the sandbox's own directory. */
  readonly hidden: readonly string[]
  readonly tools: HostTools
  /** What can run an image here; looked for when the first one needs it. */
  engine(): Promise<Engine | undefined>
  /** Ports that servers of running tasks have on this host, and those of their bridges. */
  readonly serverPorts: Set<number>
  readonly bridgePorts: Set<number>
  isPlatformImage(image: string): boolean
}
