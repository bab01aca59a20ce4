import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

interface UserEnvironment {
  readonly HOME?: string | undefined
  readonly TF_CLI_CONFIG_FILE?: string | undefined
}

const provider = /^(registry\.terraform\.io\/)?(hashicorp|\*)\/(aws|\*)$|^\*\/\*\/\*$/

const listOf = (block: string, name: string): string[] | undefined =>
  new RegExp(`\\b${name}\\s*=\\s*\\[([^\\]]*)\\]`)
    .exec(block)?.[1]
    ?.split(',')
    .map((item) => item.trim().replace(/^"|"$/g, ''))
    .filter(Boolean)

const concernsAws = (block: string): boolean =>
  (listOf(block, 'include') ?? ['*/*']).some((pattern) => provider.test(pattern)) &&
  !(listOf(block, 'exclude') ?? []).some((pattern) => provider.test(pattern))

/** The filesystem mirrors that the user's own Terraform CLI configuration names for hashicorp/aws, in its order. */
export async function userMirrors(env: UserEnvironment): Promise<string[]> {
  const file = env.TF_CLI_CONFIG_FILE ?? (env.HOME ? join(env.HOME, '.terraformrc') : undefined)
  // A file that does not exist is only a warning to Terraform, too.
  const text = file ? await readFile(file, 'utf8').catch(() => '') : ''
  // Strings are matched first: `"hashicorp/*"` begins no comment.
  const uncommented = text.replace(/("(?:[^"\\]|\\.)*")|\/\*[\s\S]*?\*\/|(?:#|\/\/).*$/gm, '$1')
  const blocks = [...uncommented.matchAll(/\bfilesystem_mirror\s*\{([^}]*)\}/g)].map((match) => match[1] ?? '')
  return blocks.filter(concernsAws).flatMap((block) => /\bpath\s*=\s*"((?:[^"\\]|\\.)*)"/.exec(block)?.[1] ?? [])
}
