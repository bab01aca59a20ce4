/** Asks the emulator's EC2, for which the project needs no client: every value of one XML element in its answer. */
export async function ec2Query(emulatorUrl: string, action: string, element: string): Promise<string[]> {
  const response = await fetch(emulatorUrl, {
    method: 'POST',
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=0',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: `Action=${action}&Version=2016-11-15`,
  })
  return [...(await response.text()).matchAll(new RegExp(`<${element}>([^<]+)</${element}>`, 'g'))].map(([, value]) => value ?? '')
}
