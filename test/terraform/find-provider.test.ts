import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findProvider } from '../../terraform/find-provider.ts'
import { terraformTarget } from '../../terraform/mirror.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'find-provider-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

/** A mirror directory with these versions, unpacked as Terraform lays them out. */
async function mirror(name: string, ...versions: string[]): Promise<string> {
  const directory = join(root, name)
  for (const version of versions) {
    const target = join(directory, 'registry.terraform.io', 'hashicorp', 'aws', version, terraformTarget())
    await mkdir(target, { recursive: true })
    await writeFile(join(target, `terraform-provider-aws_v${version}_x5`), '')
  }
  return directory
}

/** Answers `terraform init` as a registry would: by leaving the provider in the directory it runs in. */
async function terraformThatFinds(version: string | undefined): Promise<string> {
  const file = join(root, 'terraform')
  const path = `.terraform/providers/registry.terraform.io/hashicorp/aws/${version}/${terraformTarget()}`
  const found = version ? `mkdir -p ${path} && touch ${path}/terraform-provider-aws_v${version}_x5` : 'exit 1'
  await writeFile(file, `#!/bin/sh\n${found}\n`)
  await chmod(file, 0o755)
  return file
}

const environment = () => ({ HOME: join(root, 'home'), XDG_DATA_DIRS: join(root, 'share'), PATH: process.env.PATH })
const nowhere = () => ({ env: environment(), systemRoots: [join(root, 'opt')], systemOwnerUid: process.getuid?.() ?? 0 })

describe('findProvider', () => {
  test('takes the mirror it is given before any other', async () => {
    const given = await mirror('given', '6.47.1')
    await mirror('home/.terraform.d/plugins', '6.47.2')
    expect(await findProvider({ ...nowhere(), mirror: given })).toMatchObject({
      mirrorDirectory: given,
      version: '6.47.1',
      constraint: '~> 6.47.0',
      edge: 'alb',
      source: 'option',
    })
  })

  test('refuses a given mirror without the provider instead of looking elsewhere', async () => {
    await mirror('home/.terraform.d/plugins', '6.47.2')
    const given = await mirror('given', '4.0.0')
    await expect(findProvider({ ...nowhere(), mirror: given })).rejects.toThrow(/GANTRY_PROVIDER_MIRROR is .*given/)
  })

  test("reads the user's own CLI configuration before the implied directories", async () => {
    const own = await mirror('own', '6.47.1')
    await mirror('home/.terraform.d/plugins', '6.47.2')
    const other = await mirror('other', '6.47.3')
    await writeFile(
      join(root, 'rc'),
      `# filesystem_mirror { path = "${other}" }\nprovider_installation {\n  filesystem_mirror {\n    path    = "${other}"\n    exclude = ["hashicorp/*"]\n  }\n  filesystem_mirror {\n    path    = "${own}"\n    include = ["registry.terraform.io/*/*"]\n  }\n}\n`,
    )
    const env = { ...environment(), TF_CLI_CONFIG_FILE: join(root, 'rc') }
    expect(await findProvider({ ...nowhere(), env })).toMatchObject({ mirrorDirectory: own, source: 'cli-config' })
  })

  test('a CLI configuration that does not exist is no error', async () => {
    const implied = await mirror('share/terraform/plugins', '5.100.0')
    const env = { ...environment(), TF_CLI_CONFIG_FILE: join(root, 'missing') }
    expect(await findProvider({ ...nowhere(), env })).toMatchObject({ mirrorDirectory: implied, source: 'implied', edge: 'nlb' })
  })

  test('asks the registry before it looks into system directories, and keeps what it got', async () => {
    await mirror('opt/tools', '5.100.0')
    const downloadDirectory = join(root, 'download')
    const found = await findProvider({ ...nowhere(), downloadDirectory, terraform: await terraformThatFinds('6.47.9') })
    expect(found).toMatchObject({ source: 'registry', version: '6.47.9', mirrorDirectory: join(downloadDirectory, '.terraform/providers') })
  })

  test('falls back to a system directory, one or two levels deep, and says so', async () => {
    const deep = await mirror('opt/vendor/plugins', '5.100.0')
    const found = await findProvider({
      ...nowhere(),
      downloadDirectory: join(root, 'download'),
      terraform: await terraformThatFinds(undefined),
    })
    expect(found).toMatchObject({ source: 'system', mirrorDirectory: deep, edge: 'nlb', constraint: '~> 5.100.0' })
    expect(found.message).toContain(deep)
  })

  test('does not trust a system directory that others may write', async () => {
    const open = await mirror('opt/open', '6.47.1')
    await chmod(join(open, 'registry.terraform.io', 'hashicorp', 'aws'), 0o777)
    await expect(findProvider(nowhere())).rejects.toThrow('No AWS provider')
  })

  test('does not trust a system directory of another owner', async () => {
    await mirror('opt/foreign', '6.47.1')
    await expect(findProvider({ ...nowhere(), systemOwnerUid: 4242 })).rejects.toThrow('No AWS provider')
  })

  test('prefers the version Gantry was measured with, then newer ones, and never one it cannot use', async () => {
    const all = await mirror('all', '5.100.0', '6.24.0', '6.30.0', '6.47.0', '6.47.1', '6.99.0', '7.0.0')
    expect((await findProvider({ ...nowhere(), mirror: all })).version).toBe('6.47.1')
    const some = await mirror('some', '5.100.0', '6.24.0', '6.30.0', '6.99.0', '7.0.0')
    expect((await findProvider({ ...nowhere(), mirror: some })).version).toBe('6.99.0')
  })

  test('a platform stays on its own minor version', async () => {
    const both = await mirror('both', '5.100.0', '6.47.1')
    expect((await findProvider({ ...nowhere(), mirror: both, constraint: '~> 5.100.0' })).version).toBe('5.100.0')
    await expect(findProvider({ ...nowhere(), mirror: both, constraint: '~> 6.48.0' })).rejects.toThrow('~> 6.48.0')
  })

  test('finds packed mirrors too', async () => {
    const directory = join(root, 'packed', 'registry.terraform.io', 'hashicorp', 'aws')
    await mkdir(directory, { recursive: true })
    await writeFile(join(directory, `terraform-provider-aws_6.47.1_${terraformTarget()}.zip`), '')
    expect((await findProvider({ ...nowhere(), mirror: join(root, 'packed') })).version).toBe('6.47.1')
  })

  test('says in one sentence what to do when there is none', async () => {
    await expect(findProvider(nowhere())).rejects.toThrow(
      /^No AWS provider [^.]*6\.47\.0 or [^.]*5\.100\.0 was found .*set GANTRY_PROVIDER_MIRROR/,
    )
  })
})
