import type { Edge } from '../schema/contract.ts'
import type { EdgeFacts } from './views.ts'

/** What API Gateway lets through on each edge (AWS's own limits). */
export const edgeFacts: Record<Edge, EdgeFacts> = {
  alb: { edge: 'alb', streams: true, callTimeoutSeconds: 900, notes: ['A stream ends after 15 minutes, or 5 minutes without a byte.'] },
  nlb: {
    edge: 'nlb',
    streams: false,
    callTimeoutSeconds: 29,
    notes: [
      'Answers are buffered: nothing arrives before the call ends.',
      'GET on the endpoint is answered 405, and servers cannot ask the client in mid-call.',
      'Only the shared load balancer is available.',
    ],
  },
}
