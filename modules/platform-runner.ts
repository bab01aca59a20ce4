import { Construct } from 'constructs'
import type { PolicyKeys } from './control-plane-policies.ts'
import type { LambdaFunction } from './lambda-function.ts'
import { type PlatformNames, platformName, rolePath } from './platform-names.ts'
import { policyJson } from './policy.ts'
import { ReconcilerEvents } from './reconciler-events.ts'
import { Role } from './role.ts'
import { type RunnerScope, runnerPolicy } from './runner-policy.ts'
import { RunnerProject } from './runner-project.ts'

export interface PlatformRunnerProps {
  readonly names: PlatformNames
  readonly keys: PolicyKeys
  readonly scope: RunnerScope
  readonly image: string
  readonly buildspec: string
  readonly environment: { readonly [name: string]: string }
  readonly reconciler: LambdaFunction
  readonly logRetentionDays: number
}

/** Where runs run, as whom, and who hears when one ends. */
export class PlatformRunner extends Construct {
  constructor(scope: Construct, id: string, props: PlatformRunnerProps) {
    super(scope, id)
    const { names, keys } = props
    const name = `${platformName(names)}-runner`
    const role = new Role(this, 'role', {
      name,
      path: rolePath(names),
      service: 'codebuild.amazonaws.com',
      policy: policyJson(runnerPolicy(names, keys, props.scope)),
    })
    const project = new RunnerProject(this, 'project', { ...props, name, role, kmsKeyArn: keys.dataKeyArn })
    new ReconcilerEvents(this, 'events', {
      name: platformName(names),
      platform: names.platform,
      projectName: project.name,
      reconciler: props.reconciler,
    })
  }
}
