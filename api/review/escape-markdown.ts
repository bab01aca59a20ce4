/**
 * Text of a user as Markdown shows it: nothing in it is markup, a mention, a link, a reference or a new line. GitHub looks for
 * the last three in the text that Markdown leaves, where a backslash hides nothing: those are broken by a space of no width.
 */
export function escapeMarkdown(text: string): string {
  return unlinked(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/[\\`*_{}[\]()#+!|>~$]/g, '\\$&')
}

const spaceOfNoWidth = '\u200b'

/** Plain text of a user on one line that mentions nobody, links nowhere and closes no issue. */
export function unlinked(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\p{Bidi_Control}/gu, '')
    .replace(/[@#]|:(?=\/\/)|\b(?:www(?=\.)|gh(?=-)|mailto(?=:)|xmpp(?=:))/gi, `$&${spaceOfNoWidth}`)
    .trim()
}
