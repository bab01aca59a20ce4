import { type Attributes, encodeValue } from './item.ts'

/** A condition or update in pieces; `#name` and `:name` stand for attributes and values of the same name. */
export interface Expression {
  readonly text: string
  readonly names: Record<string, string>
  readonly values: Attributes
}

/** `SET` of what is defined, `REMOVE` of what is undefined. */
function setAll(patch: Attributes): Expression {
  const set: string[] = []
  const remove: string[] = []
  const names: Record<string, string> = {}
  const values: Attributes = {}
  for (const [name, value] of Object.entries(patch)) {
    names[`#${name}`] = name
    if (value === undefined) remove.push(`#${name}`)
    else {
      set.push(`#${name} = :${name}`)
      values[`:${name}`] = encodeValue(value)
    }
  }
  const text = [set.length > 0 && `SET ${set.join(', ')}`, remove.length > 0 && `REMOVE ${remove.join(', ')}`].filter(Boolean).join(' ')
  return { text, names, values }
}

/**
 * All of: an attribute equals a value, is one of several (array), or is absent (undefined). Values are named apart from
 * `setAll`'s, so that both fit into one request.
 */
function where(expected: Attributes): Expression {
  const names: Record<string, string> = {}
  const values: Attributes = {}
  const parts = Object.entries(expected).map(([name, value]) => {
    names[`#${name}`] = name
    if (value === undefined) return `attribute_not_exists(#${name})`
    const options = Array.isArray(value) ? value : [value]
    const refs = options.map((_, index) => `:if_${name}_${index}`)
    for (const [index, option] of options.entries()) values[`:if_${name}_${index}`] = option
    return `#${name} IN (${refs.join(', ')})`
  })
  return { text: parts.join(' AND '), names, values }
}

/** The parts of an UpdateItem (alone or in a transaction) that sets `patch` where `expected` holds. */
export function updateWhere(patch: Attributes, expected: Attributes) {
  const update = setAll(patch)
  const condition = where(expected)
  return {
    UpdateExpression: update.text,
    ConditionExpression: condition.text,
    ExpressionAttributeNames: { ...update.names, ...condition.names },
    ExpressionAttributeValues: { ...update.values, ...condition.values },
  }
}

/** The parts of a Delete or ConditionCheck that holds where `expected` does. */
export function onlyWhere(expected: Attributes) {
  const condition = where(expected)
  return {
    ConditionExpression: condition.text,
    ExpressionAttributeNames: condition.names,
    ...(Object.keys(condition.values).length > 0 && { ExpressionAttributeValues: condition.values }),
  }
}
