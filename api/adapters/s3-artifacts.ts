import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3'
import { deleteObject, getObject } from '../../aws/objects.ts'
import type { ApiPorts } from '../ports.ts'

/** What runs left in the state bucket. */
export function createS3Artifacts(s3: S3Client, bucket: () => Promise<string>): ApiPorts['artifacts'] {
  return {
    readText: async (key) => (await getObject(s3, await bucket(), key))?.body.toString('utf8'),
    list: async (prefix) => {
      const keys: string[] = []
      for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: await bucket(), Prefix: prefix }))
        keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key ? [Key] : [])))
      return keys.sort()
    },
    remove: async (key) => deleteObject(s3, await bucket(), key),
  }
}
