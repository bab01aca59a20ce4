interface Diagnostic {
  severity: string
  summary: string
  detail?: string
  address?: string
}

/** The first error among Terraform's JSON lines, in the provider's own words; plain text as it came. */
export function firstDiagnostic(lines: readonly string[]): string {
  for (const line of lines) {
    const diagnostic = parse(line)?.diagnostic
    if (diagnostic?.severity !== 'error') continue
    return [diagnostic.address, diagnostic.summary, diagnostic.detail].filter(Boolean).join(': ')
  }
  return lines.slice(-20).join('\n')
}

function parse(line: string): { diagnostic?: Diagnostic } | undefined {
  try {
    return JSON.parse(line) as { diagnostic?: Diagnostic }
  } catch {
    return undefined
  }
}
