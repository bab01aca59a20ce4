/** An error as Terraform tells it with `-json`. */
export interface TerraformError {
  /** The resource's address, where the error is of one. */
  readonly address: string | undefined
  readonly summary: string
  readonly detail: string
}

interface Line {
  readonly type?: unknown
  readonly diagnostic?: { severity?: unknown; summary?: unknown; detail?: unknown; address?: unknown }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const parsed = (line: string): Line => {
  try {
    return JSON.parse(line) as Line
  } catch {
    // A line that is not JSON is Terraform's or a plugin's own chatter.
    return {}
  }
}

/** The first error among the lines of a `-json` run, in the provider's own words. */
export function firstError(lines: readonly string[]): TerraformError | undefined {
  for (const line of lines) {
    const { type, diagnostic } = parsed(line)
    if (type !== 'diagnostic' || diagnostic?.severity !== 'error') continue
    return { address: text(diagnostic.address) || undefined, summary: text(diagnostic.summary), detail: text(diagnostic.detail) }
  }
  return undefined
}

export const errorMessage = ({ summary, detail }: TerraformError): string => (detail ? `${summary}: ${detail}` : summary)
