import * as z from 'zod'
import { refusal } from './refusal.ts'
import { whenObject } from './when-object.ts'

const dropped = '__proto__'

/**
 * A map with names from the caller. The name `__proto__` is refused: zod, CDKTF and plain objects would drop it silently.
 * `nameProblem` judges the other names.
 */
export function mapOf<T extends z.ZodType>(value: T, nameProblem: (name: string) => string | undefined = () => undefined) {
  const map = z.record(z.string(), value).superRefine((entries, context) => {
    for (const name of Object.keys(entries ?? {})) {
      const message = name === dropped ? undefined : nameProblem(name)
      if (message !== undefined) context.addIssue({ code: 'custom', path: [name], message })
    }
  }, whenObject)
  return z.preprocess((input, context) => {
    if (typeof input === 'object' && input !== null && Object.hasOwn(input, dropped)) {
      context.issues.push({ code: 'custom', path: [dropped], message: refusal(dropped, 'another name'), input, continue: true })
    }
    return input
  }, map)
}
