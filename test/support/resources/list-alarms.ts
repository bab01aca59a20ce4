import type { ListedSandbox } from '../list-resources.ts'
import type { IsOurs } from './list-by-name.ts'
import { rawCall } from './raw-call.ts'

/** CloudWatch alarms by name. */
export async function listAlarms(sandbox: ListedSandbox, isOurs: IsOurs): Promise<string[]> {
  const answer = await rawCall(sandbox, 'monitoring', { query: 'Action=DescribeAlarms&Version=2010-08-01&MaxRecords=100' })
  const names = [...answer.matchAll(/<AlarmName>([^<]+)<\/AlarmName>/g)].map(([, name]) => name ?? '')
  return names.filter((name) => isOurs(name)).map((name) => `alarm ${name}`)
}
