interface TerraformLine {
  readonly type?: string
  readonly hook?: { readonly resource?: { readonly addr?: string } }
  readonly diagnostic?: { readonly severity?: string; readonly address?: string }
}

/**
 * What cdktf may see of a line: its kind and the resource's address. cdktf looks for questions of Terraform in the text
 * and answers or stops, so nothing that a provider or a definition words goes there.
 */
export function plainLine(line: string): string {
  try {
    const { type, hook, diagnostic } = JSON.parse(line) as TerraformLine
    const about = hook?.resource?.addr ?? diagnostic?.address
    return [type, diagnostic?.severity, about?.replace(/[^\w.[\]"-]/g, '')].filter(Boolean).join(' ')
  } catch {
    return ''
  }
}
