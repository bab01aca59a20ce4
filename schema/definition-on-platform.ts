import { type PlatformContract, ReviewPolicy } from './contract.ts'
import type { Definition } from './definition.ts'
import type { FieldError } from './error-code.ts'
import { oneOf, refusal, show } from './refusal.ts'

type Rule = (definition: Definition, contract: PlatformContract) => FieldError | undefined

/** What this platform refuses of a definition that is right in itself; every problem, each with its path. */
export function checkAgainstPlatform(definition: Definition, contract: PlatformContract): FieldError[] {
  return rules.flatMap((rule) => rule(definition, contract) ?? [])
}

const roleUnderPath =
  (path: 'taskRoleArn' | 'taskExecutionRoleArn'): Rule =>
  (definition, { account, roles }) => {
    const arn = definition[path]
    const allowed = `:iam::${account}:role/${roles.path.replace(/^\/+/, '')}`
    if (arn === undefined || arn.includes(allowed)) return undefined
    return { path, message: refusal(show(arn), `a role of account ${account} under the path ${roles.path}`) }
  }

const artifactsBucket: Rule = ({ s3Path }, contract) => {
  const bucket = s3Path?.match(/^s3:\/\/([^/]+)\//)?.[1]
  if (bucket === undefined || bucket === contract.artifactsBucket) return undefined
  return { path: 's3Path', message: refusal(`the bucket ${bucket}`, `the platform's, ${contract.artifactsBucket}`) }
}

const edgeHasMode: Rule = ({ loadBalancer }, { edge }) => {
  if (edge !== 'nlb' || loadBalancer?.mode !== 'dedicated') return undefined
  return { path: 'loadBalancer.mode', message: refusal('dedicated', "shared: this platform's edge is nlb, which has no dedicated mode") }
}

const ownIdleTimeout: Rule = ({ idleTimeoutSeconds, loadBalancer }, { edge, defaults }) => {
  const mode = edge === 'nlb' ? 'shared' : (loadBalancer?.mode ?? defaults.loadBalancer)
  if (idleTimeoutSeconds === undefined || mode === 'dedicated' || loadBalancer?.mode === 'shared') return undefined
  const expected = 'none: the load balancer is shared here, and its idle timeout is that of the platform'
  return { path: 'idleTimeoutSeconds', message: refusal(show(idleTimeoutSeconds), expected) }
}

const strictEnough: Rule = ({ review }, { defaults }) => {
  const order = ReviewPolicy.options
  if (review === undefined || order.indexOf(review) >= order.indexOf(defaults.review)) return undefined
  const allowed = order.slice(order.indexOf(defaults.review))
  return { path: 'review', message: refusal(review, `${oneOf(allowed)}: a server may only be stricter than its platform`) }
}

const downloads =
  /(?:^|[\s;&|(/"'])(?:npx|uvx|bunx|pipx|curl|wget|(?:npm|pnpm|yarn|bun) +(?:i|install|ci|add|exec|x|dlx|create)|uv +(?:run|tool|pip|sync)|pip3? +install|python3? +-m +pip|apt(?:-get)? +install|apk +add|git +clone|go +(?:run|install)|cargo +install|deno +run)(?=$|[\s;&|)"'])/

const needsNoDownload: Rule = ({ startCommand }, { egress }) => {
  const found = egress === 'none' ? [startCommand ?? []].flat().join(' ').match(downloads)?.[0] : undefined
  if (found === undefined) return undefined
  const got = `a start command that downloads (${found.replace(/^[\s;&|(/"']/, '')})`
  return { path: 'startCommand', message: refusal(got, 'one that needs no network: this platform has egress none', 'Use an image') }
}

const reachableImage: Rule = ({ image }, { egress, account, region }) => {
  const registry = new RegExp(`^${account}\\.dkr\\.ecr\\.${region}\\.amazonaws\\.com(?:\\.cn)?/`)
  if (egress !== 'none' || image === undefined || registry.test(image)) return undefined
  const expected = `an image of ${account}.dkr.ecr.${region}.amazonaws.com: this platform has egress none`
  return { path: 'image', message: refusal(show(image), expected) }
}

const rules: readonly Rule[] = [
  roleUnderPath('taskExecutionRoleArn'),
  roleUnderPath('taskRoleArn'),
  artifactsBucket,
  edgeHasMode,
  ownIdleTimeout,
  strictEnough,
  needsNoDownload,
  reachableImage,
]
