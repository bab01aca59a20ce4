import { describe, expect, test } from 'vitest'
import { parseDefinition } from '../../schema/parse-definition.ts'

const with_ = (fields: object) => parseDefinition({ name: 'docs', serverType: 'stdio', startCommand: 'node x.js', ...fields })
const expression = (inner: string) => ['$', '{', inner, '}'].join('')

/** Every field that takes free text, with the path a problem in it has. */
const freeText: [path: string, fields: (text: string) => object][] = [
  ['name', (text) => ({ name: `docs ${text}` })],
  ['description', (text) => ({ description: text })],
  ['startCommand', (text) => ({ startCommand: `echo ${text}` })],
  ['startCommand[1]', (text) => ({ startCommand: ['echo', text] })],
  ['environment.A', (text) => ({ environment: { A: text } })],
  ['containerHealthCheckConfig.command', (text) => ({ containerHealthCheckConfig: { command: `test ${text}` } })],
  ['groups[0]', (text) => ({ groups: [text] })],
  [
    'taskPolicy[0].Condition.StringEquals.a',
    (text) => ({
      taskPolicy: [{ Effect: 'Allow', Action: 's3:Get*', Resource: '*', Condition: { StringEquals: { a: text } } }],
    }),
  ],
]

const pathsOf = (parsed: ReturnType<typeof parseDefinition>): string[] => (parsed.ok ? [] : parsed.errors.map(({ path }) => path))

describe.each(freeText)('%s', (path, fields) => {
  test.each([expression('TfToken[TOKEN.0]'), '#{TfToken[TOKEN.1]}', 'a\u0000b', 'a\u001b[2Jb', 'a\u202eb', 'a\ud800b', 'e\u0301'])(
    'refuses %j',
    (text) => {
      expect(pathsOf(with_(fields(text)))).toContain(path)
    },
  )

  test.each([expression('file("/etc/passwd")'), '%{ if true }x%{ endif }', '"quoted" \'too\'', '\\n \\', '__proto__', 'ünïcödé 🙂'])(
    'keeps %j as it is',
    (text) => {
      const parsed = with_(fields(text))
      expect(parsed.ok && JSON.stringify(parsed.definition)).toContain(JSON.stringify(text).slice(1, -1))
    },
  )
})

test('an environment value keeps its line breaks and tabs', () => {
  const text = 'one\ntwo\r\n\tthree'
  expect(with_({ environment: { A: text } })).toMatchObject({ ok: true, definition: { environment: { A: text } } })
})

describe('the key __proto__', () => {
  const at: [path: string, json: string][] = [
    ['__proto__', '{"name":"a","serverType":"stdio","startCommand":"x","__proto__":{"cpu":1}}'],
    ['environment.__proto__', '{"name":"a","serverType":"stdio","startCommand":"x","environment":{"__proto__":"1"}}'],
    ['secrets.__proto__', '{"name":"a","serverType":"stdio","startCommand":"x","secrets":{"__proto__":{"managed":true}}}'],
    ['tags.__proto__', '{"name":"a","serverType":"stdio","startCommand":"x","tags":{"__proto__":"1"}}'],
    ['loadBalancer.__proto__', '{"name":"a","serverType":"stdio","startCommand":"x","loadBalancer":{"mode":"shared","__proto__":1}}'],
    [
      'taskPolicy[0].Condition.__proto__',
      '{"name":"a","serverType":"stdio","startCommand":"x","taskPolicy":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"__proto__":{}}}]}',
    ],
  ]

  test.each(at)('is refused at %s, not dropped', (path, json) => {
    expect(pathsOf(parseDefinition(JSON.parse(json)))).toEqual([path])
  })
})

describe('a credential in the environment', () => {
  const tail = 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0U1v'
  const credentials: [rule: string, value: string][] = [
    ['AWS access key', `AKIA${'IOSFODNN7EXAMPLE'}`],
    ['GitHub token', `ghp_${tail.slice(0, 36)}`],
    ['Slack token', `xoxb-${tail.slice(0, 24)}`],
    ['GitLab token', `glpat-${tail.slice(0, 20)}`],
    ['npm token', `npm_${tail.slice(0, 36)}`],
    ['Google API key', `AIza${tail.slice(0, 35)}`],
    ['Stripe key', `sk_live_${tail.slice(0, 24)}`],
    ['model provider key', `sk-ant-${tail}`],
    ['Gantry key', `gantry_${'a'.repeat(16)}_${tail}`],
    ['PEM block', `-----BEGIN ${'PRIVATE'} KEY-----\nMIIE`],
    ['password in a URL', 'postgres://docs:hunter2@db.internal/docs'],
  ]

  test.each(credentials)('%s is refused by its rule, pointing to secrets, and not repeated', (rule, value) => {
    const parsed = with_({ environment: { TOKEN: value } })
    expect(parsed).toEqual({ ok: false, errors: [{ path: 'environment.TOKEN', message: expect.stringContaining(rule) }] })
    const message = parsed.ok ? '' : (parsed.errors[0]?.message ?? '')
    expect(message).toContain('`secrets`')
    expect(message).not.toContain(value)
  })

  test.each(['https://docs.example.com:8443/a@b', 'task-AKIA', 'skip-this-step', 'npm_config_cache=/tmp', 'user@example.com'])(
    '%s is no credential',
    (value) => {
      expect(with_({ environment: { TOKEN: value } }).ok).toBe(true)
    },
  )
})
