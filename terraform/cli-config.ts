import { writeFile } from 'node:fs/promises'

const literal = (text: string): string => JSON.stringify(text).replaceAll('${', '$$${').replaceAll('%{', '%%{')

/** Terraform's CLI configuration as text: providers from this mirror only, or from the registry where there is none. */
export function cliConfig(mirrorDirectory: string | undefined): string {
  const installation = mirrorDirectory
    ? `provider_installation {\n  filesystem_mirror {\n    path = ${literal(mirrorDirectory)}\n  }\n}\n`
    : 'provider_installation {\n  direct {}\n}\n'
  return `disable_checkpoint = true\n${installation}`
}

export async function writeCliConfig(file: string, mirrorDirectory: string | undefined): Promise<void> {
  await writeFile(file, cliConfig(mirrorDirectory))
}
