import type { Readable } from 'node:stream'
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3'
import type { Artifact, ArtifactSource } from '../init/artifact-source.ts'

/** Everything below a prefix that ends with a slash. */
export function s3Artifacts(client: S3Client, { bucket, prefix }: { bucket: string; prefix: string }): ArtifactSource {
  return {
    name: `s3://${bucket}/${prefix}`,
    async *list(): AsyncGenerator<Artifact> {
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
        for (const { Key = '', Size = 0 } of page.Contents ?? []) yield { path: Key.slice(prefix.length), bytes: Size }
      }
    },
    open: async ({ path }) => {
      const { Body, Metadata = {} } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: prefix + path }))
      if (Body === undefined) throw new Error(`s3://${bucket}/${prefix}${path} has no body.`)
      return { body: Body as Readable, metadata: Metadata }
    },
  }
}
