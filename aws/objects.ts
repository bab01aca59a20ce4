import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3'

export interface StoredObject {
  readonly body: Buffer
  readonly etag: string
}

const isMissing = (error: unknown): boolean =>
  error instanceof NoSuchKey ||
  (error instanceof S3ServiceException && (error.name === 'NotFound' || error.$metadata.httpStatusCode === 404))

/** The object, or undefined where there is none. */
export async function getObject(s3: S3Client, bucket: string, key: string): Promise<StoredObject | undefined> {
  try {
    const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    if (!Body || !ETag) return undefined
    return { body: Buffer.from(await Body.transformToByteArray()), etag: ETag }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Writes with the bucket's own default encryption. */
export async function putObject(s3: S3Client, bucket: string, key: string, body: Buffer | string, contentType: string): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }))
}

/** Deletes exactly the version that was read; false where it changed or went in between. */
export async function deleteObjectIfUnchanged(s3: S3Client, bucket: string, key: string, etag: string): Promise<boolean> {
  try {
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag }))
    return true
  } catch (error) {
    if (isMissing(error)) return false
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412) return false
    throw error
  }
}

export async function deleteObject(s3: S3Client, bucket: string, key: string): Promise<void> {
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))
}
