import { describe, expect, it } from '@jest/globals'
import { DIGEST_HTML_BYTES_MAX } from '../../../config/limits.ts'
import { assembleDigest } from '../../../src/rendering/digest/assemble.ts'
import { compileDigest } from '../../../src/rendering/digest/compile.ts'
import type { CompiledEdition } from '../../../src/rendering/digest/compiled.ts'
import { TEMPLATE_ENGINES } from '../../../src/rendering/digest/props.ts'
import { edition, orderFor, paper, papers } from './editions.ts'
import { activeAttributesOf, faultsOf, wordsOf } from './reading.ts'

const thumbnail = 'https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2603.00001.png'
const props = edition([paper('a-1', { thumbnail }), paper('a-2'), ...papers(28, { thumbnail })])
const plainProps = edition(props.papers.map((each) => ({ ...each, thumbnail: null })))
const order = orderFor(props, { featured: 6 })

async function compiledIn(engine: (typeof TEMPLATE_ENGINES)[number], of = props): Promise<CompiledEdition> {
  return compileDigest(of, engine)
}

describe.each(TEMPLATE_ENGINES)('the pictures of a digest (%s)', (engine) => {
  it('are on the cards of papers that have one, with a size and a text of their own', async () => {
    const { pictured } = await compiledIn(engine)
    for (const form of [pictured, pictured.short.skim, pictured.arxiv]) {
      const { html, text } = assembleDigest(form, order)
      expect(faultsOf(html)).toEqual([])
      const pictures = html.match(/<img\b[^>]*>/g) ?? []
      expect(pictures).toHaveLength(5) // Of six cards, one has no picture. Title lines have none.
      for (const picture of pictures) {
        expect(picture).toMatch(/ width="200" height="108" border="0"/)
        expect(picture).toContain('alt="Hugging Face preview of this paper"')
        expect(picture).toContain(`src="${thumbnail}"`)
      }
      // The page loads nothing else, and the head does not load them either.
      expect(activeAttributesOf(html)).toHaveLength(5)
      expect(html.slice(0, html.indexOf('<body'))).not.toContain('huggingface')
      expect(Buffer.byteLength(html)).toBeLessThanOrEqual(DIGEST_HTML_BYTES_MAX)
      expect(text).not.toContain('thumbnails')
    }
  })

  it('leave the words, links and text part as they are', async () => {
    const compiled = await compiledIn(engine)
    const [withThem, without] = [assembleDigest(compiled.pictured, order), assembleDigest(compiled, order)]
    expect(wordsOf(withThem.html)).toBe(wordsOf(without.html))
    expect(withThem.text).toBe(without.text)
  })

  it('leave no trace while they are off', async () => {
    const { html } = assembleDigest(await compiledIn(engine), order)
    expect(html).not.toMatch(/<img|thumbnails|pr0slot/)
    const bare = assembleDigest(await compiledIn(engine, plainProps), order).html
    expect(html.replace(/\s+/g, '')).toBe(bare.replace(/\s+/g, ''))
  })

  it('are not those of an address that could break out of its attribute', async () => {
    const evil = edition([paper('a-1', { thumbnail: 'https://a.example/"onload="x' })])
    const { html } = assembleDigest((await compiledIn(engine, evil)).pictured, orderFor(evil))
    expect(html).not.toContain('<img')
  })
})
