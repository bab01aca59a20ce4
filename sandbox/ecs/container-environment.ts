import type { ContainerDefinition } from '@aws-sdk/client-ecs'
import { imagePath } from './platform-image.ts'

/** How a task reaches AWS with its role. */
export interface TaskAws {
  readonly endpointUrl: string
  readonly region: string
}

/**
 * The whole environment of a container: what its image and ECS bring, then what the definition says, then its secrets. Of the
 * sandbox's own environment only how this machine reaches the network is in it.
 */
export function containerEnvironment(
  container: ContainerDefinition,
  secrets: Readonly<Record<string, string>>,
  aws: TaskAws,
  hasTaskRole: boolean,
  hostNetwork: Readonly<Record<string, string>>,
): Record<string, string> {
  const role = {
    AWS_ENDPOINT_URL: aws.endpointUrl,
    AWS_ACCESS_KEY_ID: 'task',
    AWS_SECRET_ACCESS_KEY: 'task',
    AWS_EC2_METADATA_DISABLED: 'true',
    // Of the image's Node this would not be said.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  }
  const given = Object.fromEntries((container.environment ?? []).map(({ name, value }) => [name ?? '', value ?? '']))
  return {
    PATH: imagePath,
    AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
    AWS_REGION: aws.region,
    AWS_DEFAULT_REGION: aws.region,
    ...hostNetwork,
    ...(hasTaskRole && role),
    ...given,
    ...secrets,
  }
}
