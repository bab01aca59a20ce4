import { type KMSClient, SignCommand } from '@aws-sdk/client-kms'

/** Signs with the platform's identity key; KMS answers in DER. */
export function createKmsSigner(kms: KMSClient, keyArn: string): (message: Uint8Array) => Promise<Uint8Array> {
  return async (message) => {
    const { Signature } = await kms.send(
      new SignCommand({ KeyId: keyArn, Message: message, MessageType: 'RAW', SigningAlgorithm: 'ECDSA_SHA_256' }),
    )
    if (!Signature) throw new Error(`KMS signed nothing with ${keyArn}`)
    return Signature
  }
}
