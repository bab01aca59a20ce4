import { expect, test } from 'vitest'
import { cliConfig } from '../../terraform/cli-config.ts'

test('takes providers from the mirror and from nowhere else', () => {
  const text = cliConfig('/mirror')
  expect(text).toContain('path = "/mirror"')
  expect(text).not.toContain('direct')
})

test('a path is literal, whatever is in it', () => {
  expect(cliConfig('/a "b" ${c} %{d}')).toContain('path = "/a \\"b\\" $${c} %%{d}"')
})
