import { type FoundProvider, findProvider } from '../../terraform/find-provider.ts'

/** Every generation of the AWS provider that this machine has: the one that is configured, and the ones that are found without. */
export async function providerGenerations(): Promise<FoundProvider[]> {
  const places = [process.env.GANTRY_PROVIDER_MIRROR, undefined]
  const constraints = ['~> 6.47.0', '~> 5.100.0']
  const found = await Promise.all(
    places.flatMap((mirror) =>
      constraints.map((constraint) => findProvider({ mirror, constraint, env: process.env }).catch(() => undefined)),
    ),
  )
  const byGeneration = new Map(found.flatMap((provider) => (provider ? [[provider.constraint, provider]] : [])))
  return [...byGeneration.values()]
}
