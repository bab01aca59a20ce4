/** One line of the report. */
export interface Row {
  readonly what: string
  readonly value: string
  /** How often it was measured, or how. */
  readonly how?: string
  readonly aim?: string
}

/** The middle one; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const [low = Number.NaN, high = low] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return (low + high) / 2
}

export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN
}

const all = (values: readonly number[], digits: number): string => values.map((value) => value.toFixed(digits)).join(', ')

export function medianRow(what: string, unit: string, values: readonly number[], more: { aim?: string; digits?: number } = {}): Row {
  const digits = more.digits ?? 1
  const how = values.length > 1 ? `median of ${all(values, digits)}` : 'once'
  return { what, value: `${median(values).toFixed(digits)} ${unit}`.trim(), how, ...(more.aim && { aim: more.aim }) }
}

export function formatTable(rows: readonly Row[]): string {
  return formatColumns([['what', 'value', 'aim', 'how'], ...rows.map(({ what, value, aim = '', how = '' }) => [what, value, aim, how])])
}

export function formatColumns(cells: readonly (readonly string[])[]): string {
  const widths = cells[0]?.slice(0, -1).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? []
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
