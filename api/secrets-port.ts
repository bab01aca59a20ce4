import type { SecretOwner } from '../aws/managed-secrets.ts'

/** Where values of managed secrets go; nothing here can read one. */
export interface SecretsPort {
  /** Makes a secret without a value, unless it exists. */
  create(owner: SecretOwner, name: string): Promise<void>
  /** Sets a value. What it rejects with never holds it. */
  put(owner: SecretOwner, name: string, value: string): Promise<void>
  /** Removes all of an owner's. */
  removeAll(owner: SecretOwner): Promise<void>
}
