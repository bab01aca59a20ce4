/** What people may read of git's words: the user part of every URL is gone, and so are control characters. */
export function maskCredentials(words: string): string {
  const masked = words.replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/]*@/gi, '$1***@')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a remote can send anything, also what moves a terminal's cursor
  return masked.replace(/[\u0000-\u0009\u000b-\u001f\u007f]+/g, ' ')
}
