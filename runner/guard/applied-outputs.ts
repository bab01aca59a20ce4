import { readFile } from 'node:fs/promises'

interface Line {
  readonly type?: string
  readonly outputs?: Readonly<Record<string, { readonly sensitive?: boolean }>>
}

const parsed = (line: string): Line => {
  try {
    return JSON.parse(line) as Line
  } catch {
    return {}
  }
}

/** The outputs that the apply told at its end, as `terraform output -json` words them; undefined where it told none or a sensitive one. */
export async function appliedOutputs(eventsFile: string): Promise<Line['outputs']> {
  const text = await readFile(eventsFile, 'utf8').catch(() => '')
  const told = text
    .split('\n')
    .map(parsed)
    .findLast(({ type }) => type === 'outputs')?.outputs
  const isSensitive = Object.values(told ?? {}).some(({ sensitive }) => sensitive)
  return isSensitive ? undefined : told
}
