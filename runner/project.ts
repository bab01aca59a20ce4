import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Files of a cdktf project directory that hold one synthesized stack. */
export interface Project {
  readonly directory: string
  readonly stack: string
}

export const planFile = 'saved.tfplan'
export const lockFile = '.terraform.lock.hcl'
export const outputDirectory = 'cdktf.out'

/** Where Terraform runs. */
export const stackDirectory = ({ directory, stack }: Project): string => join(directory, outputDirectory, 'stacks', stack)

/** The synthesized files of the stack, without what Terraform put beside them. */
export async function synthesizedFiles(project: Project): Promise<string[]> {
  const entries = await readdir(stackDirectory(project), { withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && entry.name !== planFile && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort()
}
