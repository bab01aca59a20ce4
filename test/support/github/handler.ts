import type { Answers } from './answers.ts'
import type { Hub } from './hub.ts'
import type { Json } from './schema.ts'

export interface Asked {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: Json
  /** Whose token it is. */
  readonly login: string
}
export interface Answer {
  readonly status: number
  readonly body?: unknown
  /** Of a whole list: it is answered page by page. */
  readonly paged?: boolean
  /** The list of a paged answer, where that is an object. */
  readonly listIn?: string
}
export type Handler = (asked: Asked) => Answer
export type Handlers = Readonly<Record<string, Handler>>
export interface World {
  readonly hub: Hub
  readonly answers: Answers
  /** Branches nobody may make or delete: by a rule of the repository. */
  readonly isProtected: (ref: string) => boolean
}

export const ok = (body: unknown): Answer => ({ status: 200, body })
export const created = (body: unknown): Answer => ({ status: 201, body })
export const paged = (body: readonly unknown[]): Answer => ({ status: 200, body, paged: true })
const documentation_url = 'https://docs.github.com/rest'
export const notFound: Answer = { status: 404, body: { message: 'Not Found', documentation_url, status: '404' } }
export const unprocessable = (message: string): Answer => ({ status: 422, body: { message, documentation_url } })
