import { type CodeBuild, type CodeBuildOptions, createCodeBuild } from '../codebuild/create-code-build.ts'
import { codeBuildIntercepts } from './code-build-intercepts.ts'
import { ecsIntercepts } from './ecs-intercepts.ts'
import { type EndpointOptions, serveEndpoint } from './serve-endpoint.ts'
import type { ServiceTruth } from './service-truth.ts'
import { targetHealthIntercept } from './target-health-intercept.ts'

export interface FrontOptions extends Omit<EndpointOptions, 'intercepts'> {
  /** Undefined until the ECS agent is there; the emulator's answers stand till then. */
  readonly truth?: () => ServiceTruth | undefined
  /** `environment` is given the front's own URL: builds need it. */
  readonly builds: Omit<CodeBuildOptions, 'endpoint' | 'onLog' | 'environment'> & {
    readonly environment: (url: string) => Readonly<Record<string, string>>
  }
}

export interface Front {
  /** The one AWS endpoint of the sandbox. */
  readonly url: string
  /** Ends the builds, then the emulator. */
  close(): Promise<void>
}

/** Starts the emulator and everything in front of it that one endpoint needs; what the agent knows comes through `truth`. */
export async function createFront(options: FrontOptions): Promise<Front> {
  const { truth = () => undefined, builds, ...rest } = options
  let codeBuild: CodeBuild
  const endpoint = await serveEndpoint({
    ...rest,
    intercepts: {
      ...codeBuildIntercepts(() => codeBuild),
      ...ecsIntercepts(truth),
      ...targetHealthIntercept(truth),
    },
  })
  codeBuild = createCodeBuild({
    ...builds,
    environment: builds.environment(endpoint.url),
    endpoint: endpoint.url,
    ...(options.onLog && { onLog: options.onLog }),
  })
  return {
    url: endpoint.url,
    async close() {
      await codeBuild.close()
      await endpoint.close()
    },
  }
}
