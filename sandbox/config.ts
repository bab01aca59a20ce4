import { resolve } from 'node:path'
import { awsEnvironment } from './aws-environment.ts'

export interface SandboxConfig {
  /** Port of the one origin; 0 = any free. */
  port: number
  /** Where the sandbox keeps everything it must remember. */
  directory: string
  /** A Terraform filesystem mirror that the user named. */
  providerMirror: string | undefined
  /** Settings of the platform, by its own field names. */
  platformFile: string | undefined
  /** The user's own environment, for what looks up tools and Terraform's CLI configuration. */
  environment: NodeJS.ProcessEnv
}

/** Reads the sandbox's settings; throws one sentence that names the variable. */
export function parseConfig(environment: NodeJS.ProcessEnv = process.env): SandboxConfig {
  const port = environment.GANTRY_PORT ?? '8787'
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Error(`GANTRY_PORT is ${JSON.stringify(port)}; expected a port from 0 to 65535 (0 = any free).`)
  }
  return {
    port: Number(port),
    directory: resolve(environment.GANTRY_DIRECTORY ?? '.gantry'),
    providerMirror: environment.GANTRY_PROVIDER_MIRROR,
    platformFile: environment.GANTRY_PLATFORM_FILE && resolve(environment.GANTRY_PLATFORM_FILE),
    environment: { ...environment },
  }
}

/** For the SDK clients of this process: whatever AWS account the user is signed in to, they never use it. */
export function useSandboxCredentials(): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
  const { AWS_ENDPOINT_URL: _, ...credentials } = awsEnvironment('')
  Object.assign(process.env, credentials)
}
