/** The parts of an artifact's path below the server's directory. Throws where it would leave it, or is no path at all. */
export function artifactPath(path: string): string[] {
  const parts = path.split('/')
  const bad = parts.some((part) => part === '' || part === '.' || part === '..') || /\p{Cc}/u.test(path)
  if (bad)
    throw new Error(`The object ${JSON.stringify(path)} cannot be a file: its key has an empty part, . or .., or a control character.`)
  return parts
}
