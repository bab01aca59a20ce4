import type * as z from 'zod'
import { fargateMemoryMiB } from './fargate-sizes.ts'
import { serverId } from './names.ts'
import { oneOf, refusal, show } from './refusal.ts'
import { stringsIn, textProblem } from './text-rules.ts'

type Problem = readonly [path: readonly PropertyKey[], message: string]
type Unchecked = Readonly<Record<string, unknown>>

const object = (value: unknown): Unchecked => (typeof value === 'object' && value !== null ? (value as Unchecked) : {})

/** Rules between fields. They run beside the fields' own, so each looks at what is there and leaves the rest to others. */
export function crossFieldRules(input: unknown, context: z.RefinementCtx): void {
  const definition = object(input)
  for (const rule of [texts, name, command, port, size, environment, roles, loadBalancer]) {
    for (const [path, message] of rule(definition)) context.addIssue({ code: 'custom', path: [...path], message })
  }
}

function* texts(definition: Unchecked): Generator<Problem> {
  for (const { path, text } of stringsIn(definition)) {
    const message = textProblem(text)
    if (message !== undefined) yield [path, message]
  }
}

const longestId = 40

function* name({ name }: Unchecked): Generator<Problem> {
  if (typeof name !== 'string') return
  const id = serverId(name)
  if (id.length >= 1 && id.length <= longestId) return
  yield [['name'], refusal(`the id ${show(id)} of ${id.length} characters`, `1 to ${longestId} letters a-z or digits in it`)]
}

function* command({ serverType, startCommand, image }: Unchecked): Generator<Problem> {
  if (startCommand !== undefined) return
  if (serverType === 'stdio') yield [['startCommand'], 'missing; expected the command that a stdio server runs']
  else if (image === undefined) yield [['startCommand'], 'missing; expected a command, or an image that has one']
}

function* port({ serverType, port, environment, secrets }: Unchecked): Generator<Problem> {
  if (serverType === 'stdio') {
    if (typeof port === 'number' && port !== 8080)
      yield [['port'], refusal(show(port), 'none, or 8080: the bridge listens for a stdio server')]
    return
  }
  const expected = String(port ?? 8000)
  const given = object(environment).PORT
  const fix = 'Gantry sets PORT from port'
  if (given !== undefined && given !== expected) yield [['environment', 'PORT'], refusal(show(given), `none, or ${expected}`, fix)]
  if (object(secrets).PORT !== undefined) yield [['secrets', 'PORT'], refusal('a secret', 'none', fix)]
}

function* size({ cpu, memoryLimitMiB }: Unchecked): Generator<Problem> {
  const legal = typeof cpu === 'number' ? fargateMemoryMiB.get(cpu) : undefined
  if (!legal || typeof memoryLimitMiB !== 'number' || legal.includes(memoryLimitMiB)) return
  yield [['memoryLimitMiB'], refusal(show(memoryLimitMiB), `with cpu ${cpu}: ${oneOf(legal)} (MiB)`)]
}

function* environment({ environment, secrets }: Unchecked): Generator<Problem> {
  for (const name of Object.keys(object(secrets))) {
    if (Object.hasOwn(object(environment), name))
      yield [['secrets', name], refusal('a name that is in environment too', 'it in one of them')]
  }
}

function* roles({ taskRoleArn, taskPolicy }: Unchecked): Generator<Problem> {
  if (taskRoleArn === undefined || taskPolicy === undefined) return
  yield [['taskPolicy'], refusal('taskPolicy with taskRoleArn', 'one of them: the policy is for the role that Gantry generates')]
}

function* loadBalancer({ loadBalancer, idleTimeoutSeconds }: Unchecked): Generator<Problem> {
  if (idleTimeoutSeconds === undefined || object(loadBalancer).mode !== 'shared') return
  yield [['idleTimeoutSeconds'], refusal(show(idleTimeoutSeconds), 'none with load balancer mode shared: that one is of the platform')]
}
