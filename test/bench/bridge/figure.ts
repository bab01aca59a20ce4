import { median } from '../table.ts'

export interface Bound {
  /** What is held to it: the front's own value, or how it compares with the reference. */
  readonly of: 'value' | 'comparison'
  readonly least?: number
  readonly most?: number
}

/** One line of a report: what each front was measured at, round by round. */
export interface Figure {
  readonly what: string
  readonly digits: number
  readonly values: ReadonlyMap<string, readonly number[]>
  /** What must be reached, and what is aimed at beyond it. */
  readonly bar?: Bound
  readonly aim?: Bound
}

export interface Report {
  readonly title: string
  /** The fronts, the one that has to reach the bars first. */
  readonly columns: readonly string[]
  readonly reference: string
  readonly comparedBy: 'ratio' | 'difference'
  readonly figures: readonly Figure[]
}

/** Gathers the rounds of one figure. */
export function createFigure(what: string, digits: number, bounds: Pick<Figure, 'bar' | 'aim'> = {}) {
  const values = new Map<string, number[]>()
  return {
    what,
    digits,
    values,
    ...bounds,
    add: (front: string, value: number) => void values.set(front, [...(values.get(front) ?? []), value]),
  }
}

export function reportLines({ title, columns, reference, comparedBy, figures }: Report): string[][] {
  const sign = comparedBy === 'ratio' ? ' x' : ''
  const lines = figures.map((figure) => {
    const { what, digits, values, bar, aim } = figure
    const middle = (name: string) => median(values.get(name) ?? [])
    const [value, other] = [middle(columns[0] ?? ''), middle(reference)]
    const comparison = comparedBy === 'ratio' ? value / other : value - other
    const against = (bound: Bound | undefined) => bound && verdict(bound, bound.of === 'value' ? value : comparison, sign)
    return [
      what,
      ...columns.map((name) => shown(middle(name), digits)),
      `${shown(comparison, 2)}${Number.isFinite(comparison) ? sign : ''}`,
      columns.map((name) => spread(values.get(name) ?? [])).join(' '),
      against(bar) ?? '',
      against(aim) ?? '',
    ]
  })
  return [[title, ...columns, comparedBy === 'ratio' ? `to ${reference}` : `over ${reference}`, 'spread %', 'bar', 'aim'], ...lines]
}

function verdict({ of, least, most }: Bound, value: number, sign: string): string {
  const met = Number.isFinite(value) && value >= (least ?? Number.NEGATIVE_INFINITY) && value <= (most ?? Number.POSITIVE_INFINITY)
  const text = least === undefined ? `≤ ${most}` : most === undefined ? `≥ ${least}` : `= ${least}`
  return `${text}${of === 'comparison' ? sign : ''} ${met ? 'met' : 'MISSED'}`
}

const shown = (value: number, digits: number): string => (Number.isFinite(value) ? value.toFixed(digits) : '-')

/** How far apart the rounds were, in percent of their median. */
function spread(values: readonly number[]): string {
  const middle = median(values)
  if (values.length < 2 || middle === 0) return '-'
  return ((100 * (Math.max(...values) - Math.min(...values))) / middle).toFixed(0)
}
