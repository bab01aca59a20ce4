import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

const providerPath = join('registry.terraform.io', 'hashicorp', 'aws')

/** Terraform's own name of this machine, such as `linux_amd64`. */
export function terraformTarget(platform: string = process.platform, architecture: string = process.arch): string {
  const system = platform === 'win32' ? 'windows' : platform
  return `${system}_${architecture === 'x64' ? 'amd64' : architecture}`
}

const names = async (directory: string): Promise<string[]> => readdir(directory).catch(() => [])

/** Versions of hashicorp/aws for this machine in a filesystem mirror, packed (zip) or unpacked; empty where it is none. */
export async function mirrorVersions(mirrorDirectory: string, target: string = terraformTarget()): Promise<string[]> {
  const base = join(mirrorDirectory, providerPath)
  const found = new Set<string>()
  for (const name of await names(base)) {
    const packed = /^terraform-provider-aws_(\d+\.\d+\.\d+)_(.+)\.zip$/.exec(name)
    if (packed?.[1] && packed[2] === target) found.add(packed[1])
    else if (/^\d+\.\d+\.\d+$/.test(name)) {
      const files = await names(join(base, name, target))
      if (files.some((file) => file.startsWith('terraform-provider-aws'))) found.add(name)
    }
  }
  return [...found]
}
