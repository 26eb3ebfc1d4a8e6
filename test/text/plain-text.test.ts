import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { plainText } from '../../src/text/plain-text.ts'
import { CODE_HOSTS, webLink } from '../../src/text/web-link.ts'

const plain = (text: string) => plainText(text, 1_000)

describe('text from a source', () => {
  it.each([
    ['<b>bold</b> and <a href="https://x.y">a link</a><br/>next', 'bold and a link next'],
    ['<script>alert(1)</script>safe<style>p{}</style>', 'safe'],
    ['<img src=x onerror=alert(1)>pic', 'pic'],
    ['<svg/onload=alert(1)>x', 'x'],
    ['&lt;script&gt;x&lt;/script&gt; &amp; &#39;y&#x27;', "& 'y'"],
    ['\\textless{}script\\textgreater alert', 'alert'],
    ['x<sup>2</sup> and H<sub>2</sub>O', 'x² and H₂O'],
    ['<!-- hidden -->shown', 'shown'],
  ])('loses its markup: %s', (text, wanted) => {
    expect(plain(text)).toBe(wanted)
  })

  it.each([
    'a < b and c > d',
    '<image> and <think>x</think>',
    'p <0.05, n<3',
    '<subject, object, predicate>',
    '5 <= x',
  ])('keeps what only looks like markup: %s', (text) => {
    expect(plain(text)).toBe(text)
  })

  it.each([
    ['**CAPO** (**C**urriculum)', 'CAPO (Curriculum)'],
    ['at [GitHub](https://github.com/a/b).', 'at GitHub (https://github.com/a/b).'],
    ['2**3 and 4**5', '2**3 and 4**5'],
  ])('loses its Markdown: %s', (text, wanted) => {
    expect(plain(text)).toBe(wanted)
  })

  it('cannot turn the reading direction, hide letters or ring bells', () => {
    expect(plain('a\u202eb\u2066c\u200bd\u0007e\ufefff\u00adg')).toBe('abcdefg')
    expect(plain('one\u2028two\r\nthree\tfour\u00a0five')).toBe('one two three four five')
    expect(plain(`z${'\u0301'.repeat(50)}`).length).toBeLessThan(10)
  })

  it('may be Hebrew, Persian, Chinese or an emoji', () => {
    for (const text of ['עברית קריאה', 'می\u200cخواهم', '中文标题', '👩\u200d🔬 lab']) expect(plain(text)).toBe(text)
  })

  it('is cut at a word, and never within a character', () => {
    expect(plainText('one two three four five', 15)).toBe('one two three…')
    expect(plainText('🙂'.repeat(50), 10)).toMatch(/^(?:🙂)+…$/u)
  })

  it('never contains an active tag, however nested', () => {
    const fragment = fc.constantFrom(
      '<',
      '>',
      '</',
      'script',
      'img',
      ' src=x',
      ' onerror=1',
      '&lt;',
      '&gt;',
      '&amp;',
      '\\textless ',
      '\\textgreater ',
      '<b>',
      '$<$',
      '-',
      '!--',
      'x',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 25 }), (fragments) => {
        expect(plain(fragments.join(''))).not.toMatch(/<\/?(?:script|img)[\s/>]|<[a-z]+\s[^<>]*=[^<>]*>/i)
      }),
      { numRuns: 5_000 },
    )
  })
})

describe('a link from a source', () => {
  it.each([
    [' https://a.example/x. ', 'https://a.example/x'],
    ['https://github.com/a/\n  b', 'https://github.com/a/b'],
    ['github.com/a/b', 'https://github.com/a/b'],
    ['http://a.example', 'http://a.example/'],
    ['https://münchen.example/ä', 'https://xn--mnchen-3ya.example/%C3%A4'],
    ['https://a.example/my project/index.html', 'https://a.example/my%20project/index.html'],
    ['https://github.com/ a/b', 'https://github.com/a/b'],
    ['https://a.example/x (soon)', 'https://a.example/x'],
    ['https://a.example/x, https://b.example/y', 'https://a.example/x'],
    ['https://a.example/x and a demo', 'https://a.example/x'],
    ['https://a.example/?a=1&amp;b=2', 'https://a.example/?a=1&b=2'],
  ])('%j becomes %s', (raw, url) => {
    expect(webLink(raw)).toBe(url)
  })

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'java\nscript:alert(1)',
    'ftp://a.example/x',
    'https://user:pass@a.example/',
    'http://localhost:3000/',
    'http://127.0.0.1/',
    'http://0x7f.1/',
    'http://[::1]/',
    'http://printer.local/',
    'not a link',
    '',
    `https://a.example/${'x'.repeat(600)}`,
  ])('%j is none', (raw) => {
    expect(webLink(raw)).toBeNull()
  })

  it('is a code link only on a code host', () => {
    expect(webLink('https://gitlab.com/a/b', CODE_HOSTS)).toBe('https://gitlab.com/a/b')
    expect(webLink('https://www.github.com/a/b', CODE_HOSTS)).toBe('https://www.github.com/a/b')
    expect(webLink('https://evilgithub.com/a/b', CODE_HOSTS)).toBeNull()
    expect(webLink('https://github.com.evil.example/', CODE_HOSTS)).toBeNull()
  })
})
