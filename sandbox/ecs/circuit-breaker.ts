/** How many tasks may fail before ECS's circuit breaker gives a deployment up: half of what is desired, between 3 and 200. */
export function failureThreshold(desiredCount: number): number {
  return Math.min(200, Math.max(3, Math.ceil(desiredCount / 2)))
}

/** How long to wait before the next start after so many failures in a row: at once, then 1, 2, 4 … 30 s. */
export function startDelayMs(failuresInRow: number): number {
  return failuresInRow < 2 ? 0 : Math.min(30_000, 1000 * 2 ** (failuresInRow - 2))
}
