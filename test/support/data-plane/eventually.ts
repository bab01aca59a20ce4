import { setTimeout as pause } from 'node:timers/promises'

/** The first truthy answer of `look`, which is asked again and again; fails with `what` after `timeoutMs`. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 20_000,
): Promise<T> {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; ) {
    const answer = await look()
    if (answer) return answer
    await pause(25)
  }
  throw new Error(`not within ${timeoutMs} ms: ${what}`)
}
