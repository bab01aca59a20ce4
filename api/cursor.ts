import { createHash } from 'node:crypto'
import { GantryError } from '../schema/error-code.ts'

const digestLength = 16

/** Wraps where a list stopped so that callers cannot read meaning into it, nor carry it to another list. */
export function sealCursor(list: string, position: string): string
export function sealCursor(list: string, position: string | undefined): string | undefined
export function sealCursor(list: string, position: string | undefined): string | undefined {
  return position === undefined ? undefined : Buffer.from(digest(list, position) + position).toString('base64url')
}

/** What `sealCursor` wrapped for the same list; anything else is refused, under the parameter's name. */
export function openCursor(list: string, cursor: string | undefined, parameter = 'cursor'): string | undefined {
  if (cursor === undefined) return undefined
  const plain = Buffer.from(cursor, 'base64url').toString()
  const position = plain.slice(digestLength)
  if (plain.slice(0, digestLength) === digest(list, position) && sealCursor(list, position) === cursor) return position
  throw new GantryError('INVALID_REQUEST', `The ${parameter} is not one this list gave out. Start again without it.`, {
    errors: [{ path: parameter, message: 'Not a cursor of this list' }],
  })
}

const digest = (list: string, position: string) => createHash('sha256').update(`${list}\n${position}`).digest('hex').slice(0, digestLength)
