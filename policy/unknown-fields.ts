import type { ASTNode } from '@marcbachmann/cel-js'
import * as z from 'zod'
import { PolicyInput, PolicyResource } from '../schema/policy.ts'

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>
  readonly additionalProperties?: unknown
}

const shapeOf = (schema: z.ZodType): Shape => z.toJSONSchema(schema, { unrepresentable: 'any' }) as Shape
const variables: Shape = { properties: { ...shapeOf(PolicyInput).properties, resource: shapeOf(PolicyResource) } }

export interface ExpressionProblem {
  /** Of the character that it begins with. */
  readonly offset: number
  readonly message: string
}

/** Fields that nothing a rule can ask about has: every run of the platform would fail on a name that is only misspelt. */
export function unknownFields(node: ASTNode): ExpressionProblem[] {
  const inner = [node.args].flat(3).filter(isNode).flatMap(unknownFields)
  if (node.op !== '.' && node.op !== '.?') return inner
  const [parent, field] = node.args
  const { properties, additionalProperties } = shapeAt(parent) ?? {}
  if (!properties || additionalProperties !== false || Object.hasOwn(properties, field)) return inner
  const known = Object.keys(properties).join(', ')
  return [...inner, { offset: node.range.end - field.length, message: `there is no field ${field} here; expected one of ${known}` }]
}

function shapeAt(node: ASTNode): Shape | undefined {
  if (node.op === 'id') return childOf(variables, node.args)
  if (node.op !== '.' && node.op !== '.?') return undefined
  const [parent, field] = node.args
  return childOf(shapeAt(parent), field)
}

const childOf = (shape: Shape | undefined, field: string): Shape | undefined =>
  shape?.properties && Object.hasOwn(shape.properties, field) ? shape.properties[field] : undefined

const isNode = (value: unknown): value is ASTNode => typeof value === 'object' && value !== null && 'op' in value
