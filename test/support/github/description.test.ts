import { describe, expect, test } from 'vitest'
import { faultsOfRequest, faultsOfResponse, leastOf, operation } from './description.ts'

const repo = '/repos/{owner}/{repo}'
const none = new URLSearchParams()

describe("GitHub's description", () => {
  test('has no route that GitHub has not', () => {
    expect(() => operation(`GET ${repo}/pull-requests`)).toThrow('GitHub describes no')
  })

  test('takes a body of declared fields', () => {
    expect(faultsOfRequest(operation(`POST ${repo}/pulls`), none, { title: 't', head: 'h', base: 'b' })).toEqual([])
  })

  test.each<[string, object]>([
    [`POST ${repo}/pulls`, { title: 't', head: 'h', base: 'b', labels: ['x'] }],
    [`POST ${repo}/pulls`, { title: 't', head: 'h' }],
    [`POST ${repo}/git/trees`, { tree: [{ path: 'p', content: 'c', encoding: 'utf-8' }] }],
    [`POST ${repo}/statuses/{sha}`, { state: 'succeeded' }],
    [`POST ${repo}/pulls/{pull_number}/reviews`, { event: 'COMMENT', comments: [{ path: 'p', body: 'b', lines: 3 }] }],
    [`POST ${repo}/issues/{issue_number}/labels`, { labels: [] }],
  ])('refuses of %s the body %j', (route, body) => {
    expect(faultsOfRequest(operation(route), none, body)).not.toEqual([])
  })

  test('refuses a query that is not declared', () => {
    expect(faultsOfRequest(operation(`GET ${repo}/pulls`), new URLSearchParams('state=opened'), undefined)).not.toEqual([])
    expect(faultsOfRequest(operation(`GET ${repo}/pulls`), new URLSearchParams('branch=x'), undefined)).not.toEqual([])
  })

  test('refuses an answer with a field too many, one too few, or a status of its own', () => {
    const get = operation(`GET ${repo}/pulls/{pull_number}`)
    const { merged, ...less } = leastOf('pull-request')
    expect(faultsOfResponse(get, 200, { ...less, merged })).toEqual([])
    expect(faultsOfResponse(get, 200, less)).not.toEqual([])
    expect(faultsOfResponse(get, 200, { ...less, merged, is_merged: true })).not.toEqual([])
    expect(faultsOfResponse(get, 418, {})).not.toEqual([])
  })
})
