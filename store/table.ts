const number = (n: number, digits: number): string => String(n).padStart(digits, '0')

/** Where each kind of item lives. Event and revision numbers are padded, so that text order is number order. */
export const itemKey = {
  claim: (serverId: string) => ({ pk: `NAME#${serverId}`, sk: 'CLAIM' }),
  server: (serverId: string) => ({ pk: `SERVER#${serverId}`, sk: 'SERVER' }),
  revision: (serverId: string, uid: string, n: number) => ({ pk: `SERVER#${serverId}`, sk: `REVISION#${uid}#${number(n, 5)}` }),
  run: (runId: string) => ({ pk: `RUN#${runId}`, sk: 'RUN' }),
  event: (runId: string, n: number) => ({ pk: `RUN#${runId}`, sk: `EVENT#${number(n, 8)}` }),
  review: (runId: string) => ({ pk: `REVIEW#${runId}`, sk: 'REVIEW' }),
  apiKey: (keyId: string) => ({ pk: `KEY#${keyId}`, sk: 'KEY' }),
  idempotency: (hash: string) => ({ pk: `IDEMPOTENCY#${hash}`, sk: 'IDEMPOTENCY' }),
  /** One partition a month; `at` is an ISO time. */
  audit: (at: string, id: string) => ({ pk: `AUDIT#${at.slice(0, 7)}`, sk: `${at}#${id}` }),
  /** What a webhook's sender calls one message. */
  delivery: (id: string) => ({ pk: `DELIVERY#${id}`, sk: 'DELIVERY' }),
  /** A message to people outside, by its digest. */
  told: (digest: string) => ({ pk: `TOLD#${digest}`, sk: 'TOLD' }),
  lease: (name: string) => ({ pk: `LEASE#${name}`, sk: 'LEASE' }),
}
export type ItemKey = { pk: string; sk: string }
