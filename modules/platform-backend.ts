import { LocalBackend, S3Backend, type TerraformStack } from 'cdktf'
import type { PlatformState } from '../schema/platform-input.ts'

/** Where the platform keeps its state; in S3 with Terraform's own lock file. */
export function addPlatformBackend(stack: TerraformStack, state: PlatformState, region: string): void {
  if (state.type === 'local') {
    new LocalBackend(stack, { path: state.path })
    return
  }
  new S3Backend(stack, { bucket: state.bucket, key: state.key, region, encrypt: true })
  stack.addOverride('terraform.backend.s3.use_lockfile', true)
}
