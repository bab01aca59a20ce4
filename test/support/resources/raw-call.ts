import type { ListedSandbox } from '../list-resources.ts'

/** A call of a service for which the project needs no client; answers the body. */
export async function rawCall(
  { emulatorUrl, region }: Pick<ListedSandbox, 'emulatorUrl' | 'region'>,
  service: string,
  body: { readonly target: string; readonly json: object } | { readonly query: string },
): Promise<string> {
  const isJson = 'json' in body
  const response = await fetch(emulatorUrl, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      'content-type': isJson ? 'application/x-amz-json-1.1' : 'application/x-www-form-urlencoded',
      ...(isJson && { 'x-amz-target': body.target }),
    },
    body: isJson ? JSON.stringify(body.json) : body.query,
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${service}: ${response.status} ${text}`)
  return text
}
