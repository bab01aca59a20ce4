import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A definition from `examples/`, as a reader would copy it. */
export function example(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(fileURLToPath(new URL(`../../examples/${name}.json`, import.meta.url)), 'utf8'))
}
