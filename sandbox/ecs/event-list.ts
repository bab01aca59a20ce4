import { randomUUID } from 'node:crypto'
import type { ServiceEvent } from '@aws-sdk/client-ecs'

/** ECS keeps the last hundred events of a service. */
const kept = 100

/** A service's events, newest first. */
export function createEventList(serviceName: string) {
  const events: ServiceEvent[] = []
  return {
    list: (): readonly ServiceEvent[] => events,
    /** The same words again right after are not said twice. */
    add(message: string): void {
      const text = `(service ${serviceName}) ${message}`
      if (events[0]?.message === text) return
      events.unshift({ id: randomUUID(), createdAt: new Date(), message: text })
      events.length = Math.min(events.length, kept)
    },
  }
}
export type EventList = ReturnType<typeof createEventList>
