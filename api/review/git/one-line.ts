/** Text of somebody's as one line without control characters: it can add no trailer and no section. */
export function oneLine(text: string, maxLength = 300): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\s]+/gu, ' ').trim()
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line
}
