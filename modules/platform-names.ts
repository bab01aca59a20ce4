import { sessionSecret } from '../schema/managed-secret.ts'
import { arn, globalArn, partition } from './arn.ts'

/** Names and ARNs that policies must know before the things exist; the same words as in `schema/` and the docs. */
export interface PlatformNames {
  readonly platform: string
  readonly region: string
  readonly account: string
}

/** `gantry-<platform>`, in front of everything the platform owns. */
export const platformName = (names: PlatformNames): string => `gantry-${names.platform}`
/** The IAM path of every role Gantry makes, and the only one whose roles a definition may name. */
export const rolePath = (names: PlatformNames): string => `/gantry/${names.platform}/`
export const projectArn = (names: PlatformNames): string => arn(names, 'codebuild', `project/${platformName(names)}-runner`)
export const tableArn = (names: PlatformNames): string => arn(names, 'dynamodb', `table/${platformName(names)}`)
export const contractArn = (names: PlatformNames): string => arn(names, 'ssm', `parameter/gantry/${names.platform}/contract`)
export const roleArns = (names: PlatformNames): string => globalArn(names, 'iam', `role${rolePath(names)}*`)
export const boundaryArn = (names: PlatformNames): string => globalArn(names, 'iam', `policy${rolePath(names)}server-boundary`)
export const managedSecretArns = (names: PlatformNames): string => arn(names, 'secretsmanager', `secret:gantry/${names.platform}/*`)
/** What servers' stacks make themselves: the runner may touch no other value. */
export const sessionSecretArns = (names: PlatformNames): string =>
  arn(names, 'secretsmanager', `secret:gantry/${names.platform}/*/${sessionSecret}-*`)
/** Bucket names are the whole world's, so they carry account and region. */
export const bucketName = (names: PlatformNames, purpose: string): string =>
  `${platformName(names)}-${purpose}-${names.account}-${names.region}`
export const bucketArn = (names: PlatformNames, purpose: string): string =>
  `arn:${partition(names.region)}:s3:::${bucketName(names, purpose)}`
