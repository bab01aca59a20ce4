/** The token of `Authorization: Bearer <token>`, or undefined for any other scheme or shape. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +([^\s,]+)$/i.exec(authorization?.trim() ?? '')?.[1]
}
