import * as z from 'zod'

const FromApiGateway = z.object({ requestContext: z.object({ identity: z.object({ sourceIp: z.string() }) }) })
const FromSocket = z.object({ incoming: z.object({ socket: z.object({ remoteAddress: z.string() }) }) })

/**
 * The address that reached the platform's edge: as API Gateway saw it, or the socket's peer where nothing is in front.
 * X-Forwarded-For is not read: what it holds beside that same address is the caller's own claim.
 */
export function sourceIp(env: unknown): string {
  const gateway = FromApiGateway.safeParse(env)
  if (gateway.success) return gateway.data.requestContext.identity.sourceIp
  const socket = FromSocket.safeParse(env)
  return socket.success ? socket.data.incoming.socket.remoteAddress : 'unknown'
}
