import type { Report } from './figure.ts'
import type { Front } from './fronts.ts'
import type { Programs } from './install-fronts.ts'
import { stopFronts } from './start-front.ts'

export interface BridgeBench {
  /** The bridge first, then what it is compared with. */
  readonly fronts: readonly Front[]
  /** The bridge's builds by the name of their front. */
  readonly bundles: Readonly<Record<string, string>>
  readonly programs: Programs
  readonly rounds: number
  /** Of each load. */
  readonly seconds: number
  readonly say: (line: string) => void
}

/** Starts what it needs; whoever calls it stops that. */
export type Measure = (bench: BridgeBench) => Promise<Report>

/** Everything but what is the server itself: these put a stdio server behind. */
export const proxies = ({ fronts }: BridgeBench): Front[] => fronts.filter(({ alone }) => !alone)

/** One front after the other. One that fails is told of and leaves a gap: that is a result too. */
export async function eachFront(fronts: readonly Front[], say: BridgeBench['say'], act: (front: Front) => Promise<void>): Promise<void> {
  for (const front of fronts) {
    say(`  ${front.name}`)
    await act(front).catch((error: Error) => say(`  ${front.name} failed: ${error.message}`))
    await stopFronts()
  }
}
