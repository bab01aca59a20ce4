import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { mintKey } from '../access/mint-key.ts'
import { createKey, readKey } from '../store/keys.ts'
import type { StoreContext } from '../store/store-context.ts'

/** The sandbox's admin key: drawn at the first start, kept in a file that only its user can read, the same ever after. */
export async function seedAdminKey(store: StoreContext, file: string): Promise<string> {
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
  if (kept && (await readKey(store, kept.split('_')[1] ?? ''))) return kept
  const { token, key } = mintKey({
    description: 'Admin of this sandbox',
    admin: true,
    groups: [],
    createdBy: 'sandbox',
    createdAt: new Date().toISOString(),
  })
  writeFileSync(`${file}.draft`, `${token}\n`, { mode: 0o600 })
  await createKey(store, key)
  renameSync(`${file}.draft`, file)
  return token
}
