import { join } from 'node:path'

/** Where the sandbox keeps what: everything below one directory, so that removing it forgets everything. */
export function layout(directory: string) {
  return {
    directory,
    lock: join(directory, 'lock.json'),
    /** What other programs may read while the sandbox runs. */
    description: join(directory, 'sandbox.json'),
    adminKey: join(directory, 'admin-key'),
    ports: join(directory, 'ports.json'),
    /** Which generation of the AWS provider the platform is bound to. */
    provider: join(directory, 'provider.json'),
    emulator: join(directory, 'emulator'),
    builds: join(directory, 'builds'),
    /** HOME of builds. */
    home: join(directory, 'home'),
    log: join(directory, 'sandbox.log'),
    platform: join(directory, 'platform'),
    tasks: join(directory, 'ecs'),
    /** Where plans are reviewed, unless the platform names another repository. */
    reviewRepository: join(directory, 'review.git'),
    reviewCache: join(directory, 'review-cache'),
  }
}
export type Layout = ReturnType<typeof layout>
