import { setTimeout as delay } from 'node:timers/promises'

/** Waits before asking AWS again; rejects as soon as the run is stopped. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> => delay(milliseconds, undefined, { signal })
