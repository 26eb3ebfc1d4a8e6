import { describe, expect, it } from '@jest/globals'
import { DIGEST_HTML_BYTES_MAX, MACHINE_SUMMARY_CHARS_MAX } from '../../../config/limits.ts'
import { assembleDigest } from '../../../src/rendering/digest/assemble.ts'
import { compileDigest } from '../../../src/rendering/digest/compile.ts'
import { type DigestProps, TEMPLATE_ENGINES } from '../../../src/rendering/digest/props.ts'
import { edition, orderFor, paper, papers } from './editions.ts'
import { activeAttributesOf, faultsOf, linksOf, wordsOf } from './reading.ts'

const LABEL = 'AI summary from Hugging Face'
const TRICK = '<script>alert(1)</script> "quoted" & {{brand}}'

/** A digest in a short form, rendered by both engines. */
async function short(props: DigestProps, form: 'sentences' | 'summaries') {
  const compiled = await Promise.all(TEMPLATE_ENGINES.map((engine) => compileDigest(props, engine)))
  const made = compiled.map((each) => assembleDigest(each.short[form], orderFor(props)))
  const [mjml, react] = made
  if (mjml === undefined || react === undefined) throw new Error('two engines were expected')
  expect(wordsOf(react.html)).toBe(wordsOf(mjml.html))
  expect(linksOf(react.html)).toEqual(linksOf(mjml.html))
  expect({ ...react, html: '', fragments: null }).toEqual({ ...mjml, html: '', fragments: null })
  for (const { html } of made) expect([faultsOf(html), activeAttributesOf(html)]).toEqual([[], []])
  return mjml
}

describe('a digest in a short form', () => {
  const props = edition([
    paper('s-1', { abstract: 'We count. It was a long day. It ended.', keySentence: 'It was a long day.' }),
    paper('s-2', { abstract: 'We weigh. Nothing follows.', keySentence: 'We weigh.', machineSummary: null }),
    paper('s-3', { abstract: 'One sentence alone.', keySentence: 'One sentence alone.', machineSummary: TRICK }),
    paper('s-4', { abstract: '', keySentence: '', machineSummary: null }),
  ])

  it('has the key sentence of each paper in place of its abstract, and no AI summary', async () => {
    const { html, text } = await short(props, 'sentences')
    for (const words of [wordsOf(html), text]) {
      for (const said of ['It was a long day.', 'We weigh.', 'One sentence alone.']) expect(words).toContain(said)
      for (const unsaid of ['We count.', 'Nothing follows.', LABEL, 'machine', 'alert'])
        expect(words).not.toContain(unsaid)
    }
  })

  it('has labelled AI summaries, and unlabelled key sentences where there is none', async () => {
    const { html, text } = await short(props, 'summaries')
    expect(wordsOf(html)).toContain(`${LABEL}: A machine says of s-1 that it is <good> & new.`)
    expect(text).toContain(`${LABEL}: A machine says of s-1 that`)
    expect(wordsOf(html)).toContain(`${LABEL}: ${TRICK}`)
    for (const words of [wordsOf(html), text]) {
      expect(words.split(LABEL)).toHaveLength(3)
      expect(words).toContain('We weigh.')
      for (const unsaid of ['It was a long day.', 'Nothing follows.', 'One sentence alone.'])
        expect(words).not.toContain(unsaid)
    }
    expect(html).not.toMatch(/<script/i)
  })

  it('is smaller than with abstracts, and stays within what Gmail shows when every summary is as long as one may be', async () => {
    const long = (sign: string, chars: number) => `${sign.repeat(9)} `.repeat(chars / 10)
    const many = edition(
      papers(60, { abstract: long('a', 2_000), machineSummary: long('&', MACHINE_SUMMARY_CHARS_MAX) }),
    )
    for (const engine of TEMPLATE_ENGINES) {
      const compiled = await compileDigest(many, engine)
      const order = orderFor(many, { featured: 30 })
      const brief = assembleDigest(compiled.short.sentences, order)
      const summed = assembleDigest(compiled.short.summaries, order)
      expect(brief.featured.length).toBeGreaterThan(summed.featured.length)
      expect(summed.featured.length).toBeGreaterThan(0)
      for (const { html, featured, listed } of [brief, summed]) {
        expect(Buffer.byteLength(html)).toBeLessThanOrEqual(DIGEST_HTML_BYTES_MAX)
        expect(featured.length + listed.length).toBe(60)
      }
    }
  })
})
