import { describe, expect, test } from 'vitest'
import { docsPage } from '../../api/docs/docs-page.ts'

const evil = '<script>alert(1)</script>"\'&'

describe('docsPage', () => {
  test('escapes every text of the document, asks nothing of elsewhere and runs nothing', async () => {
    const page = String(
      await docsPage({
        openapi: '3.1.0',
        info: { title: evil, version: '1', description: evil },
        paths: {
          [`/${evil}`]: {
            post: {
              summary: evil,
              description: evil,
              parameters: [{ name: evil, in: 'query', schema: { type: 'string', description: evil }, description: evil }],
              requestBody: { content: { 'application/json': { schema: { description: evil } } } },
              responses: { [evil]: { description: evil } },
            },
          },
        },
        components: { schemas: { [evil]: { description: evil } } },
      }),
    )
    expect(page).not.toContain('<script')
    expect(page.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(10)
    expect(page).not.toMatch(/https?:|src=|@import|javascript:/)
  })
})
