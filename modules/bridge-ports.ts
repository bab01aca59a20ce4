/** Where a bridge can listen: 8080, or 8081 where the server's own port is 8080. Rules open both, so that neither is cut off while a service rolls from one to the other. */
export const bridgePorts = { from: 8080, to: 8081 } as const
