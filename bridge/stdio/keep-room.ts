import type { Room } from '../large-payloads.ts'
import type { Session } from './session.ts'

/** What a peer has not read yet is still in memory, so a large body keeps its room until then. */
export function keepRoom(room: Room | undefined, session: Session | undefined): void {
  if (!room) return
  if (session) room.shed = () => session.end('The server did not read its messages, and their memory was wanted.')
  void Promise.resolve(session?.writable()).then(room.leave)
}
