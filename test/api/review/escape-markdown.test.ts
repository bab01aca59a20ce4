import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escapeMarkdown, unlinked } from '../../../api/review/escape-markdown.ts'

/** What Markdown shows of it: escapes and entities undone. */
const shown = (markdown: string): string =>
  markdown
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&lt;/g, '<')
    .replace(/&amp;/g, '&')
const pieces = fc.constantFrom(
  '@ann',
  '#1',
  'GH-2',
  'https://x.y',
  'www.x.y',
  'mailto:a@b.c',
  '[a](b)',
  '![a](b)',
  '<b>',
  '<!--',
  '`',
  '```',
  '*',
  '_',
  '~~',
  '|',
  '$x$',
  '\n',
  '\r\n\r\n',
  '\u2028',
  '\u202e',
  '\\',
  '&amp;',
  '&#64;',
  'ann',
  ' ',
  '- ',
  '1. ',
)
const hostile = fc.array(pieces, { maxLength: 12 }).map((all) => all.join(''))

describe('escapeMarkdown', () => {
  test('leaves plain words as they are', () => expect(escapeMarkdown('Reads docs, and 2 files.')).toBe('Reads docs, and 2 files.'))

  test.each([
    ['**bold** _it_ `code`', '\\*\\*bold\\*\\* \\_it\\_ \\`code\\`'],
    ['<img src=x>', '&lt;img src=x\\>'],
    ['a | b', 'a \\| b'],
    ['$x$', '\\$x\\$'],
    ['&#64;ann', '&amp;\\#\u200b64;ann'],
    ['one\r\n\u2028two\u0000', 'one two'],
    ['\u202eevil', 'evil'],
  ])('makes text of %j', (text, expected) => expect(escapeMarkdown(text)).toBe(expected))

  test('shows what was written, but for what would link', () => {
    fc.assert(fc.property(hostile, (text) => void expect(shown(escapeMarkdown(text))).toBe(unlinked(text))))
  })

  test('leaves no markup, whatever is put together', () => {
    fc.assert(
      fc.property(hostile, (text) => void expect(escapeMarkdown(text).replace(/\\[!-/:-@[-`{-~]/g, '')).not.toMatch(/[\n<`*_[\]|$~!]/)),
    )
  })
})

describe('unlinked', () => {
  test.each(['@ann', 'a@ann', '#1', 'o/r#1', 'GH-1', 'gh-1', 'https://x.y', 'WWW.x.y', 'mailto:a@b.c', 'fixes #1'])('breaks %s', (text) => {
    expect(unlinked(text)).not.toMatch(/@\w|#\d|\bgh-\d|:\/\/|\bwww\.|\bmailto:/i)
  })

  test('leaves no mention, reference or link, whatever is put together', () => {
    fc.assert(fc.property(hostile, (text) => void expect(unlinked(text)).not.toMatch(/@\w|#\d|\bgh-\d|:\/\/|\bwww\.|\bmailto:|\n/i)))
  })
})
