import type { GitHub, ListedPull } from './github.ts'
import { listAll } from './list-all.ts'

/** The pull requests that are open, in as few calls as can be. */
export const listOpenPulls = ({ call, at }: GitHub): Promise<ListedPull[]> =>
  listAll((page) => call('GET /repos/{owner}/{repo}/pulls', { ...at, state: 'open', ...page }))

/** Those that were closed or merged, or changed since, last: the newest hundred. */
export async function listClosedPulls({ call, at }: GitHub): Promise<ListedPull[]> {
  const newest = { state: 'closed', sort: 'updated', direction: 'desc', per_page: 100 } as const
  return (await call('GET /repos/{owner}/{repo}/pulls', { ...at, ...newest })).data
}

/** The pull request of a branch of this repository, open or not. */
export async function findPull({ call, at }: GitHub, branch: string): Promise<ListedPull | undefined> {
  const { data } = await call('GET /repos/{owner}/{repo}/pulls', { ...at, head: `${at.owner}:${branch}`, state: 'all', per_page: 100 })
  return data.find(({ head }) => head.ref === branch)
}
