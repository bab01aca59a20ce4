// Bounded: a text of any kind is judged in linear time.
const shapes: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: 'AWS access key', pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/ },
  { name: 'GitHub token', pattern: /\bgh[opsur]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}/ },
  { name: 'GitLab token', pattern: /\bglpat-[A-Za-z0-9_-]{20,}/ },
  { name: 'Slack token', pattern: /\bxox[a-z]-[A-Za-z0-9-]{10,}/ },
  { name: 'npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { name: 'Google API key', pattern: /\bAIza[A-Za-z0-9_-]{35}/ },
  { name: 'Stripe key', pattern: /\b[rs]k_live_[A-Za-z0-9]{16,}/ },
  { name: 'model provider key', pattern: /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}/ },
  { name: 'Gantry key', pattern: /\bgantry_[a-z0-9]{16}_[A-Za-z0-9_-]{43}/ },
  { name: 'PEM block', pattern: /-----BEGIN [A-Z0-9 ]+-----/ },
  { name: 'password in a URL', pattern: /:\/\/[^\s/@:"']{0,256}:[^\s/@:"'$]{1,256}@/ },
]

/** The name of the first known credential shape that a text holds. The text itself belongs in no message. */
export function credentialIn(text: string): string | undefined {
  return shapes.find(({ pattern }) => pattern.test(text))?.name
}

const pemBlock = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?(?:-----END \1-----|$)/g

/** The text with every known credential shape in it covered; a PEM block goes as a whole. */
export function coverCredentials(text: string): string {
  const covered = text.replace(pemBlock, '(credential)')
  return shapes.reduce((result, { pattern }) => result.replace(new RegExp(pattern, `${pattern.flags}g`), '(credential)'), covered)
}
