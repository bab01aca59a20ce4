/**
 * Whether an IAM pattern matches all that another one does: `s3:*` covers `s3:Get*`. A wildcard of the other is matched by a
 * wildcard only, so that yes is always true; in doubt it is no. Linear but for what a `*` tries again.
 */
export function coversPattern(wide: string, narrow: string): boolean {
  let [at, index] = [0, 0]
  let star = -1
  let resume = 0
  while (index < narrow.length) {
    const [one, other] = [wide[at], narrow[index]]
    if (one === '*') {
      star = at
      resume = index
      at += 1
    } else if ((one === '?' && other !== '*') || (one !== '?' && one === other)) {
      at += 1
      index += 1
    } else if (star >= 0) {
      at = star + 1
      resume += 1
      index = resume
    } else return false
  }
  while (wide[at] === '*') at += 1
  return at === wide.length
}
