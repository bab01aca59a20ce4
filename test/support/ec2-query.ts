import { rawCall } from './resources/raw-call.ts'

/** Asks the emulator's EC2: every value of one XML element in its answer. */
export async function ec2Query(emulatorUrl: string, action: string, element: string): Promise<string[]> {
  const answer = await rawCall({ emulatorUrl, region: 'us-east-1' }, 'ec2', { query: `Action=${action}&Version=2016-11-15` })
  return [...answer.matchAll(new RegExp(`<${element}>([^<]+)</${element}>`, 'g'))].map(([, value]) => value ?? '')
}
