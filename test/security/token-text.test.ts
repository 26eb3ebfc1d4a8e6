import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { tokenInSubject } from '../../src/mail/inbound/unsubscribe-subject.ts'
import { findToken } from '../../src/security/token-text.ts'
import { createTokens } from '../../src/security/tokens.ts'
import { repairTokenPath } from '../../src/web/requests/token-path.ts'

const tokens = createTokens(['a secret of the tests that is long enough'])
const TOKEN = tokens.sign('unsubscribe', '4711')
const opened = (path: string) => tokens.verify('unsubscribe', repairTokenPath(path).split('/')[2]?.split('?')[0] ?? '')

/** Characters around a link in mails. */
const AROUND = [
  '=',
  '.',
  ')',
  '(',
  '>',
  '<',
  ']',
  '[',
  '}',
  ',',
  ';',
  ':',
  '!',
  "'",
  '"',
  '*',
  '|',
  '\\',
  '“',
  '”',
  '’',
  '«',
  '»',
  '…',
]
const BLANKS = [' ', '\t', '\r\n', '\n', '=\r\n', '\u00A0', '\u200B', '\u200C', '\u200D', '\u2060', '\uFEFF', '\u00AD']
const upper = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*.]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
const lower = (text: string) => upper(text).toLowerCase()
const twice = (text: string) => encodeURIComponent(upper(text))
const junk = fc.constantFrom(
  ...[...AROUND, ...BLANKS].flatMap((each) => [upper(each), lower(each), twice(each)]),
  ...AROUND.filter((each) => each.charCodeAt(0) < 128),
  '=3D',
  '=3d',
  '%3D',
  '=20',
  '/',
  '%2F',
  '&amp;',
  '&gt;',
  '&quot;',
  '_',
  '-',
  '%',
  '%E0%A4',
  '%80',
)
const run = fc.array(junk, { maxLength: 5 }).map((parts) => parts.join(''))

describe('a link that a mail program has changed', () => {
  it.each([
    '=',
    '.',
    ')',
    '>',
    ']',
    ',',
    ';',
    ':',
    '!',
    "'",
    '"',
    '%E2%80%9D',
    '%20',
    '%09',
    '%0D%0A',
    '=%0D%0A',
    '=3D',
    '%E2%80%8B',
    '%E2%80%8D',
    '%E2%81%A0',
    '%EF%BB%BF',
    '%C2%A0',
    '/',
    '%2F',
    '%2f',
    '//',
    '&amp;utm_source=x',
    '%26amp%3Butm_source=x',
    '&utm_source=x',
    '?utm_source=x',
    '%3Futm_source%3Dx',
    '#top',
    '%23top',
    '%2520',
    '%250A',
    ').',
    '%3E',
    '"%3EUnsubscribe%3C/a%3E',
    '%20Unsubscribe',
    '_',
    '*',
    '%E0%A4',
    '%',
  ])('is valid with %s after its token', (tail) => {
    expect(opened(`/unsubscribe/${TOKEN}${tail}`)).toBe('4711')
  })

  it.each(['%3C', '%22', '/', '%20', '%E2%80%8B', '=3D', '(', '&lt;'])('is valid with %s before its token', (head) => {
    expect(opened(`/unsubscribe/${head}${TOKEN}`)).toBe('4711')
  })

  it.each(['%0D%0A', '=%0D%0A', '=', '%20', '%E2%80%8B', '%C2%AD', '%0D%0A%20'])(
    'opens with %s in the middle, where a long line was wrapped',
    (gap) => {
      for (let at = 1; at < TOKEN.length; at += 1)
        expect(opened(`/unsubscribe/${TOKEN.slice(0, at)}${gap}${TOKEN.slice(at)}`)).toBe('4711')
    },
  )

  it('is valid with any number of such characters around it', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }), run, run, (id, head, tail) => {
        fc.pre(!head.endsWith('%')) // Together with the token's first characters it would be an escape.
        const token = tokens.sign('unsubscribe', String(id))
        expect(opened(`/unsubscribe/${head}${token}${tail}`)).toBe(String(id))
      }),
      { numRuns: 300 },
    )
  })

  it('is invalid when a character of the token is changed, missing, or added', () => {
    const messages = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.'
    fc.assert(
      fc.property(fc.nat(TOKEN.length - 1), fc.constantFrom(...messages), run, (at, message, tail) => {
        const changed = `${TOKEN.slice(0, at)}${message}${TOKEN.slice(at + 1)}`
        fc.pre(changed !== TOKEN)
        expect(opened(`/unsubscribe/${changed}${tail}`)).toBeNull()
        expect(opened(`/unsubscribe/${TOKEN.slice(0, at)}${TOKEN.slice(at + 1)}${tail}`)).toBeNull()
        fc.pre(/[A-Za-z0-9]/.test(message))
        expect(opened(`/unsubscribe/${TOKEN.slice(0, at)}${message}${TOKEN.slice(at)}${tail}`)).toBeNull()
        expect(opened(`/unsubscribe/${TOKEN}${message}${tail}`)).toBeNull()
      }),
      { numRuns: 300 },
    )
  })

  it('preserves the pages of a token, the query, and the verdict of a feedback link', () => {
    expect(repairTokenPath(`/preferences/${TOKEN}/data`)).toBe(`/preferences/${TOKEN}/data`)
    expect(repairTokenPath(`/preferences/${TOKEN}%20/erase`)).toBe(`/preferences/${TOKEN}/erase`)
    expect(repairTokenPath(`/preferences/${TOKEN}.?saved=all`)).toBe(`/preferences/${TOKEN}?saved=all`)
    for (const tail of ['', '.', '%3D', '/', '&amp;x=y', '%20'])
      expect(repairTokenPath(`/feedback/${TOKEN}~cs%2F0001001~less${tail}`)).toBe(
        `/feedback/${TOKEN}~cs%2F0001001~less`,
      )
    expect(repairTokenPath(`/feedback/${TOKEN}%7E2603.07660%7Emore`)).toBe(`/feedback/${TOKEN}~2603.07660~more`)
  })

  it('does not change other addresses, and removes escapes that are not UTF-8', () => {
    for (const url of [
      '/',
      '/search?q=%E0%A4',
      '/papers/2026-11-24',
      '/paper/cs/0001001',
      '/paper/cs%2F0001001',
      '/unsubscribe/x',
    ])
      expect(repairTokenPath(url)).toBe(url)
    expect(repairTokenPath('/unsubscribe/%E0%A4')).toBe('/unsubscribe/%EF%BF%BD')
    expect(repairTokenPath('/search/100%')).toBe('/search/100%EF%BF%BD')
  })

  it('reads a hostile address quickly', () => {
    for (const each of ['%20', '=', 'a', 'a=', '.', '0', '&a;', '%2525'])
      expect(findToken(each.repeat(20_000))).toBeNull()
    expect(findToken(`0123abcd.${'a '.repeat(20_000)}`)).toBeNull()
  })

  it.each([
    `Re: unsubscribe ${TOKEN}.`,
    `unsubscribe "${TOKEN}"`,
    `unsubscribe\u00A0${TOKEN}\u200B`,
    `AW: Unsubscribe: <${TOKEN}>`,
  ])('is found in a subject such as %j', (subject) => {
    expect(tokenInSubject(subject)).toBe(TOKEN)
  })
})
