import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DIGEST_HTML_BYTES_MAX, DIGEST_TEXT_BYTES_MAX } from '../../../config/limits.ts'
import { assembleDigest } from '../../../src/rendering/digest/assemble.ts'
import { compileDigest } from '../../../src/rendering/digest/compile.ts'
import type { CompiledDigest } from '../../../src/rendering/digest/compiled.ts'
import { type PaperProps, TEMPLATE_ENGINES } from '../../../src/rendering/digest/props.ts'
import { edition, orderFor, paper, papers } from './editions.ts'
import { linksOf, wordsOf } from './reading.ts'

const SIGNS = ['a', '<', '&', '研', '😀', "'", ' ', 'é', 'word ']
const text = (charsMax: number) =>
  fc
    .tuple(fc.constantFrom(...SIGNS), fc.integer({ min: 0, max: charsMax }))
    .map(([sign, length]) => sign.repeat(length).slice(0, charsMax))
const listed = fc
  .array(fc.tuple(text(500), text(6_000), text(700), fc.option(fc.nat())), { minLength: 1, maxLength: 100 })
  .map((rows) =>
    rows.map(
      ([title, abstract, authorLine, votes], index): PaperProps =>
        paper(`b-${index}`, { title: title || 'x', abstract, authorLine, votes }),
    ),
  )

/** Returns whether one more card or title would fit, measured on the rendered message. */
async function withOneMore(compiled: CompiledDigest, order: ReturnType<typeof orderFor>, featured: number) {
  return assembleDigest(compiled, { ...order, featured: featured + 1 }).featured.length
}

/** Returns the size in bytes as the mailbox receives it: lines end in two characters. */
const mailed = (html: string) => Buffer.byteLength(html.replaceAll('\n', '\r\n'))

describe('the size limit of a message', () => {
  it.each(TEMPLATE_ENGINES)('is never exceeded for any papers (%s)', async (engine) => {
    await fc.assert(
      fc.asyncProperty(listed, fc.integer({ min: 0, max: 30 }), async (rows, featured) => {
        const props = edition(rows)
        const compiled = await compileDigest(props, engine)
        const order = orderFor(props, { featured })
        const digest = assembleDigest(compiled, order)
        expect(mailed(digest.html)).toBeLessThanOrEqual(DIGEST_HTML_BYTES_MAX)
        expect(Buffer.byteLength(digest.text)).toBeLessThanOrEqual(DIGEST_TEXT_BYTES_MAX)
        const ids = rows.map(({ id }) => id)
        const shown = [...digest.featured, ...digest.listed]
        expect(shown).toEqual(ids.slice(0, shown.length))
        expect(digest.featured.length).toBeLessThanOrEqual(featured)
        expect(shown.length).toBeGreaterThan(0)
        if (digest.featured.length === featured && featured < shown.length)
          expect(await withOneMore(compiled, order, featured)).toBeGreaterThanOrEqual(featured)
      }),
      { numRuns: 25, seed: 20261124 },
    )
  })

  it('is used up: the next card would not fit', async () => {
    const props = edition(papers(60, { abstract: 'Some words of an abstract. '.repeat(60) }))
    for (const engine of TEMPLATE_ENGINES) {
      const compiled = await compileDigest(props, engine)
      const digest = assembleDigest(compiled, orderFor(props, { featured: 30 }))
      expect(digest.featured.length + digest.listed.length).toBe(60)
      expect(digest.featured.length).toBeGreaterThan(10)
      expect(digest.featured.length).toBeLessThan(30)
      expect(mailed(digest.html)).toBeGreaterThan(DIGEST_HTML_BYTES_MAX - 4_000)
      expect(mailed(digest.html)).toBeLessThanOrEqual(DIGEST_HTML_BYTES_MAX)
    }
  })

  it('counts bytes as the mailbox receives them, even close to the limit', async () => {
    for (let words = 10; words < 40; words += 2) {
      const props = edition(papers(60, { abstract: 'Some words of an abstract. '.repeat(words) }))
      const digest = assembleDigest(await compileDigest(props, 'mjml'), orderFor(props, { featured: 60 }))
      expect(mailed(digest.html)).toBeLessThanOrEqual(DIGEST_HTML_BYTES_MAX)
    }
  })

  it('a subscriber who chose titles only gets titles only', async () => {
    const props = edition(papers(5))
    const digest = assembleDigest(await compileDigest(props, 'mjml'), orderFor(props, { featured: 0 }))
    expect(digest.featured).toEqual([])
    expect(wordsOf(digest.html)).toContain(' 5 papers 1 A study')
  })

  it('leaves the last titles to the web if not all fit, and does not count them as sent', async () => {
    const props = edition(papers(100, { title: '研究'.repeat(250) }))
    for (const engine of TEMPLATE_ENGINES) {
      const digest = assembleDigest(await compileDigest(props, engine), orderFor(props))
      const shown = digest.featured.length + digest.listed.length
      expect(shown).toBeLessThan(60)
      expect(mailed(digest.html)).toBeGreaterThan(DIGEST_HTML_BYTES_MAX - 3_000)
      expect(mailed(digest.html)).toBeLessThanOrEqual(DIGEST_HTML_BYTES_MAX)
      for (const part of [wordsOf(digest.html), digest.text]) {
        expect(part).toContain(`${100 - shown} more papers on the web`)
        expect(part).toContain(`${shown} papers`)
      }
      expect(linksOf(digest.html)).toContain(props.webUrl)
    }
  })

  it('shows an abstract in full or not at all', async () => {
    const long = 'Words upon words & words. '.repeat(230)
    const props = edition(papers(30, { abstract: long }))
    const digest = assembleDigest(await compileDigest(props, 'react'), orderFor(props, { featured: 30 }))
    const times = (part: string) => part.replace(/\s+/g, '').split(long.replace(/\s+/g, '')).length - 1
    expect(times(wordsOf(digest.html))).toBe(digest.featured.length)
    expect(times(digest.text)).toBe(digest.featured.length)
  })
})

describe('invalid input', () => {
  it('throws, because it is a bug', async () => {
    const props = edition(papers(2))
    const compiled = await compileDigest(props, 'mjml')
    const order = orderFor(props)
    expect(() => assembleDigest(compiled, { ...order, picks: [] })).toThrow(/at least one paper/)
    const stranger = order.picks.map((pick) => ({ ...pick, paperId: 'unknown' }))
    expect(() => assembleDigest(compiled, { ...order, picks: stranger })).toThrow(/no paper unknown/)
  })
})
