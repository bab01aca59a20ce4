import { isRecord } from '../stdio/parse-body.ts'

/** What a server of the 2025 revisions is told of its client by `initialize`. */
export type Client = { info: unknown; capabilities: object }

/** What a client can be asked for in the middle of a call, without the details that would make every client another one. */
export function askableOf(declared: unknown): object {
  const { sampling, elicitation, roots } = isRecord(declared) ? declared : {}
  const { form, url } = isRecord(elicitation) ? elicitation : {}
  return {
    ...(isRecord(sampling) && { sampling: {} }),
    ...(isRecord(elicitation) && { elicitation: { ...(isRecord(form) && { form: {} }), ...(isRecord(url) && { url: {} }) } }),
    ...(isRecord(roots) && { roots: {} }),
  }
}
