import { createHash } from 'node:crypto'
import { GetParameterCommand, ParameterNotFound, type SSMClient } from '@aws-sdk/client-ssm'
import { contractParameter, PlatformContract } from '../schema/contract.ts'

export interface ReadContract {
  readonly contract: PlatformContract
  /** Of the parameter's value as it stands, in lower-case hex. */
  readonly sha256: string
}

/** The platform's contract from SSM; throws where the platform was never applied or speaks another format. */
export async function readContract(ssm: SSMClient, platform: string): Promise<ReadContract> {
  const name = contractParameter(platform)
  const value = await readValue(ssm, name)
  if (value === undefined) throw new Error(`The platform has no contract: parameter ${name} does not exist; apply the platform first.`)
  const parsed = PlatformContract.safeParse(JSON.parse(value))
  if (!parsed.success) {
    const paths = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
    throw new Error(`The platform's contract ${name} does not fit this version of Gantry (${paths}): apply the platform with this version.`)
  }
  return { contract: parsed.data, sha256: createHash('sha256').update(value).digest('hex') }
}

async function readValue(ssm: SSMClient, name: string): Promise<string | undefined> {
  try {
    return (await ssm.send(new GetParameterCommand({ Name: name }))).Parameter?.Value
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined
    throw error
  }
}
