import type { ListedSandbox } from '../list-resources.ts'
import { rawCall } from './raw-call.ts'

interface Page {
  readonly PaginationToken?: string
  readonly ResourceTagMappingList: readonly { readonly ResourceARN: string }[]
}

/** Everything tagged as this server's, whatever service it is of. */
export async function listByTag(sandbox: Pick<ListedSandbox, 'emulatorUrl' | 'region'>, serverId: string): Promise<string[]> {
  const TagFilters = [{ Key: 'gantry:server', Values: [serverId] }]
  const found: string[] = []
  let token = ''
  do {
    const json = { TagFilters, ResourcesPerPage: 100, ...(token && { PaginationToken: token }) }
    const page = JSON.parse(await rawCall(sandbox, 'tagging', { target: 'ResourceGroupsTaggingAPI_20170126.GetResources', json })) as Page
    found.push(...page.ResourceTagMappingList.map(({ ResourceARN }) => ResourceARN))
    token = page.PaginationToken ?? ''
  } while (token)
  return found.sort()
}
