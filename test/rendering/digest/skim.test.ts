import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import {
  BRIEF_CHARS_MAX,
  BRIEF_WORDS_MAX,
  DIGEST_HTML_BYTES_MAX,
  DIGEST_TEXT_BYTES_MAX,
} from '../../../config/limits.ts'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'
import { explainRank } from '../../../src/ranking/explain.ts'
import { assembleDigest } from '../../../src/rendering/digest/assemble.ts'
import { briefOf } from '../../../src/rendering/digest/brief.ts'
import { compileDigest } from '../../../src/rendering/digest/compile.ts'
import { TEMPLATE_ENGINES } from '../../../src/rendering/digest/props.ts'
import { dataIsHere, edition, orderFor, paper, papers, recorded } from './editions.ts'
import { activeAttributesOf, faultsOf, linksOf, paragraphsOf, wordsOf } from './reading.ts'

const LABEL = 'AI summary: '
const LONG = 'It rains in one town and it snows in another. '
const count = (text: string) => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length

describe('the words of a card of two lines', () => {
  it.each([
    ['a short text', 'We count.', 'We count.'],
    ['the whole sentences that fit', LONG.repeat(4).trim(), LONG.repeat(2).trim()],
    ['as many words as fit, if a sentence is too long', 'very '.repeat(40), `${'very '.repeat(24).trim()}…`],
    ['no mark before the ellipsis', `${'word, '.repeat(40)}end.`, `${'word, '.repeat(23)}word…`],
    [
      'the clauses that are whole, if most of the words remain',
      `We count ${'rain '.repeat(16)}here, improving the forecast of tomorrow by far more than it was.`,
      `We count ${'rain '.repeat(16)}here…`,
    ],
    [
      'no word that needs a next one',
      `It counts ${'rain '.repeat(20)}with a new instrument that we built.`,
      `It counts ${'rain '.repeat(20).trim()}…`,
    ],
    ['nothing', '', ''],
  ])('are %s', (_name, text, words) => {
    expect(briefOf(text)).toBe(words)
  })

  it('are few in a script without spaces, and split no character', () => {
    const brief = briefOf('研究😀'.repeat(200))
    expect(brief.length).toBeLessThanOrEqual(BRIEF_CHARS_MAX)
    expect(Buffer.from(brief).toString()).toBe(brief)
    expect(brief).toMatch(/…$/)
  })
})

describe.each(TEMPLATE_ENGINES)('a digest to skim (%s)', (engine) => {
  const props = edition([
    paper('s-1', { abstract: `First. ${LONG.repeat(9)}` }),
    paper('s-2', { machineSummary: `Summed up. ${LONG.repeat(9)}`, abstract: `Unread. ${LONG}` }),
    paper('s-3', { machineSummary: null, keySentence: 'The key sentence.' }),
    ...papers(57, { machineSummary: LONG.repeat(2).trim() }),
  ])

  it('has the first abstract, then two lines each, then bare titles, then a link to the rest', async () => {
    const compiled = await compileDigest(props, engine)
    const { html, text, featured, listed, paperIds } = assembleDigest(compiled.short.skim, orderFor(props))
    expect([faultsOf(html), activeAttributesOf(html)]).toEqual([[], []])
    expect(featured).toHaveLength(10)
    expect(listed.length).toBeGreaterThan(3)
    // Those on the web count as sent. Otherwise they would take the places of the next day’s papers.
    expect(paperIds).toHaveLength(60)
    const left = 60 - featured.length - listed.length
    for (const words of [wordsOf(html), text.replace(/\s+/g, ' ')]) {
      expect(words).toContain(props.papers[0]?.abstract.trim())
      expect(words).toContain(`${LABEL}Summed up. ${LONG.trim()}`)
      expect(words).not.toContain('Unread.')
      expect(words).toContain(' The key sentence. ')
      expect(words).not.toContain(`${LABEL}The key sentence.`)
      expect(words).toContain(`${left} more papers on the web`)
      expect(words.match(/number \d+ of the day’s 60/g)).toHaveLength(10)
    }
    expect(linksOf(html)).toContain(props.webUrl)
    const summaries = paragraphsOf(html).filter(
      (each) => each.startsWith(LONG.slice(0, 9)) || each.startsWith('Summed'),
    )
    for (const each of summaries) expect(count(each)).toBeLessThanOrEqual(BRIEF_WORDS_MAX)
  })

  it('is the same when it is composed again from the papers that it had', async () => {
    const compiled = await compileDigest(props, engine)
    const order = orderFor(props)
    const long = await compileDigest(edition(papers(60, { title: LONG.repeat(60) })), engine)
    for (const [form, over] of [
      [compiled.short.skim, {}],
      [compiled, { featured: 30 }],
      [long, { picks: orderFor(edition(papers(60))).picks }],
    ] as const) {
      const first = assembleDigest(form, { ...order, ...over })
      const picks = ('picks' in over ? over.picks : order.picks).slice(0, first.paperIds.length)
      expect(first.left > 0).toBe(form === long)
      const again = assembleDigest(form, { ...order, ...over, picks, left: first.left })
      expect([again.html, again.text]).toEqual([first.html, first.text])
    }
  })

  it('has titles that link to our pages, or to arXiv for papers that are there', async () => {
    const some = edition([...papers(12), paper('no-1', { links: [] })])
    const compiled = await compileDigest(some, engine)
    const titlesOf = (html: string) =>
      [...html.matchAll(/<a class="title" href="([^"]*)"/g)].map(([, url = '']) => new URL(url).host)
    for (const form of [compiled, compiled.short.skim])
      expect(new Set(titlesOf(assembleDigest(form, orderFor(some)).html))).toEqual(new Set(['paperround.example']))
    for (const form of [compiled.arxiv, compiled.arxiv.short.skim]) {
      const { html, text } = assembleDigest(form, orderFor(some))
      expect(titlesOf(html)).toEqual([...papers(12).map(() => 'arxiv.example'), 'paperround.example'])
      expect(text).not.toContain('https://paperround.example/paper/2603.')
    }
  })
})

it('has three bare titles or more, or none, before the link to the rest', async () => {
  const listed = new Set<number>()
  for (let words = 506; words < 530; words += 3) {
    const props = edition([
      paper('s-1', { abstract: 'word '.repeat(words) }),
      ...papers(40, { machineSummary: 'Brief.' }),
    ])
    const digest = assembleDigest((await compileDigest(props, 'react')).short.skim, orderFor(props))
    expect(digest.featured).toHaveLength(10)
    listed.add(digest.listed.length)
  }
  expect([listed.has(0), listed.has(1), listed.has(2), listed.has(3)]).toEqual([true, false, false, true])
})

const DATA = join(PACKAGE_ROOT, '../shared/data/hf-daily')
const onRecordedDays = dataIsHere ? it : it.skip

onRecordedDays(
  'keeps the limits of every digest, and 900 words, on each recorded day (skipped without ../shared/data)',
  async () => {
    for (const [at, name] of readdirSync(DATA).sort().entries()) {
      const listed = recorded(join('hf-daily', name))
      const props = { ...listed, papers: [...listed.papers].sort((a, b) => (b.votes ?? 0) - (a.votes ?? 0)) }
      const picks = orderFor(props).picks.map((pick, index) => ({
        ...pick,
        why: explainRank(index + 1, props.papers.length, { upvotes: 42, comments: null, stars: null }),
      }))
      // Both engines write the same words, and React is the quicker one.
      const compiled = await compileDigest(props, at % 10 === 0 ? 'mjml' : 'react')
      const { html, text, paperIds, featured } = assembleDigest(compiled.short.skim, {
        ...orderFor(props),
        picks,
      })
      const shown = paragraphsOf(html).join(' ')
      expect([name, count(shown) <= 900, paperIds.length]).toEqual([name, true, props.papers.length])
      expect(featured).toHaveLength(Math.min(10, props.papers.length))
      expect(Buffer.byteLength(html)).toBeLessThan(DIGEST_HTML_BYTES_MAX / 3)
      expect(Buffer.byteLength(text)).toBeLessThan(DIGEST_TEXT_BYTES_MAX)
      expect([name, activeAttributesOf(html)]).toEqual([name, []])
      // The check of the markup takes the most time.
      if (at % 10 < 2) expect([name, faultsOf(html)]).toEqual([name, []])
      expect(html.match(/<h1/g)).toHaveLength(1)
      expect(shown).toContain('Votes as of 08:40 UTC')
      expect(shown).not.toMatch(/\\(?:textbf|emph|alpha|times|mathbb|frac)/)
      expect(linksOf(html).filter((url) => !/^https?:\/\//.test(url))).toEqual([])
    }
  },
  60_000,
)
