type Row = Readonly<Record<string, string>>

/** Every combination of the factors' values. */
function product(factors: Readonly<Record<string, readonly string[]>>): Row[] {
  return Object.entries(factors).reduce<Row[]>(
    (rows, [name, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value }))),
    [{}],
  )
}

function pairsOf(row: Row): string[] {
  const entries = Object.entries(row)
  return entries.flatMap(([a, x], index) => entries.slice(index + 1).map(([b, y]) => `${a}=${x} ${b}=${y}`))
}

/** Few rows in which every possible pair of values occurs: greedily the row with the most pairs that are not there yet. */
export function pairwise<T extends Row>(
  factors: Readonly<Record<keyof T & string, readonly string[]>>,
  possible: (row: T) => boolean,
): T[] {
  const candidates = product(factors)
    .filter((row) => possible(row as T))
    .map((row) => ({ row: row as T, pairs: pairsOf(row) }))
  const left = new Set(candidates.flatMap(({ pairs }) => pairs))
  const rows: T[] = []
  while (left.size > 0) {
    const gain = ({ pairs }: { pairs: string[] }): number => pairs.reduce((sum, pair) => sum + Number(left.has(pair)), 0)
    let best = { gain: 0, candidate: candidates[0] }
    for (const candidate of candidates) {
      const its = gain(candidate)
      if (its > best.gain) best = { gain: its, candidate }
    }
    if (!best.candidate) break
    rows.push(best.candidate.row)
    for (const pair of best.candidate.pairs) left.delete(pair)
  }
  return rows
}
