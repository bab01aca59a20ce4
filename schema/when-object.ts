import type * as z from 'zod'

/** For rules between fields: they run on any object, also one with fields that are wrong in themselves. */
export const whenObject = {
  when: ({ value }: z.core.ParsePayload): boolean => typeof value === 'object' && value !== null && !Array.isArray(value),
}
