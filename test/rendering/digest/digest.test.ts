import { describe, expect, it } from '@jest/globals'
import { DIGEST_HTML_BYTES_MAX, DIGEST_TEXT_BYTES_MAX, SUBJECT_CHARS_MAX } from '../../../config/limits.ts'
import { assembleDigest } from '../../../src/rendering/digest/assemble.ts'
import { compileDigest, templateVersion } from '../../../src/rendering/digest/compile.ts'
import {
  type Digest,
  type DigestInput,
  type DigestProps,
  TEMPLATE_ENGINES,
} from '../../../src/rendering/digest/props.ts'
import { dataIsHere, edition, orderFor, paper, papers, recorded, SITE } from './editions.ts'
import { activeAttributesOf, faultsOf, linksOf, wordsOf } from './reading.ts'

const MANY = 'and 99 others '.repeat(9)
const EDITIONS: Record<string, () => DigestProps> = {
  'an ordinary day': () => edition(papers(30)),
  'one paper': () => edition(papers(1)),
  'a hundred papers': () => edition(papers(100)),
  'a paper about which nothing is known': () =>
    edition([
      paper('a-1', {
        abstract: '',
        authorLine: '',
        organization: null,
        votes: null,
        comments: null,
        stars: null,
        links: [],
      }),
    ]),
  'titles and names without end': () =>
    edition(papers(12, { title: 'Unbreakable'.repeat(45).slice(0, 500), authorLine: MANY, organization: MANY })),
  'titles in Arabic, Hebrew and Chinese': () =>
    edition([
      paper('r-1', { title: 'نموذج لغوي كبير للبحث', authorLine: 'ليلى أحمد' }),
      paper('r-2', { title: 'מודל שפה גדול', authorLine: 'דנה כהן' }),
      paper('r-3', { title: '大规模语言模型的稀疏检索'.repeat(8), abstract: '我们提出一种方法。'.repeat(60) }),
    ]),
  'a week that lacks a source': () =>
    edition(papers(5), { frequency: 'weekly', incomplete: 'arXiv did not answer; some papers may be missing.' }),
}
if (dataIsHere) EDITIONS['the 56 papers of a recorded page'] = () => recorded('hf-papers-page.json')
else it.skip('the digest of a recorded page (skipped: ../shared/data is not there)', () => {})

async function both(props: DigestProps, order: DigestInput = orderFor(props)): Promise<[Digest, Digest]> {
  const [mjml, react] = await Promise.all(TEMPLATE_ENGINES.map((engine) => compileDigest(props, engine)))
  if (mjml === undefined || react === undefined) throw new Error('two engines were expected')
  return [assembleDigest(mjml, order), assembleDigest(react, order)]
}

describe.each(Object.entries(EDITIONS))('the digest of %s', (_name, make) => {
  const props = make()
  const order = orderFor(props)

  it('is valid HTML with one h1, and loads and runs nothing', async () => {
    for (const { html } of await both(props)) {
      expect(faultsOf(html)).toEqual([])
      expect(html.match(/<h1/g)).toHaveLength(1)
      expect(html).toMatch(/<html[^>]* lang="en"/)
      expect(html).toContain('<meta name="color-scheme" content="light dark"')
      expect(html).not.toMatch(/<(?:img|script|iframe|object|link|form|video)\b|@import|@font-face|url\(/i)
      expect(activeAttributesOf(html)).toEqual([])
    }
  })

  it('stays within what Gmail shows, in both parts', async () => {
    for (const { html, text, subject } of await both(props)) {
      expect(Buffer.byteLength(html)).toBeLessThanOrEqual(DIGEST_HTML_BYTES_MAX)
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(DIGEST_TEXT_BYTES_MAX)
      expect(subject.length).toBeLessThanOrEqual(SUBJECT_CHARS_MAX)
    }
  })

  it('links only to web addresses, and has unsubscribe links above and below the papers', async () => {
    for (const { html, text } of await both(props)) {
      const links = linksOf(html)
      expect(links.filter((url) => !/^https?:\/\//.test(url))).toEqual([])
      const out = links.flatMap((url, index) => (url === order.slots.unsubscribeUrl ? [index] : []))
      expect(out).toHaveLength(2)
      expect(out[0]).toBeLessThan(3)
      expect(out[1]).toBe(links.length - 1)
      expect(text.slice(0, 1_000)).toContain(`Unsubscribe: ${order.slots.unsubscribeUrl}`)
      expect(text.slice(-500)).toContain(`Unsubscribe: ${order.slots.unsubscribeUrl}`)
    }
  })

  it('has the same text in both engines', async () => {
    const [mjml, react] = await both(props)
    expect(wordsOf(react.html)).toBe(wordsOf(mjml.html))
    expect(linksOf(react.html)).toEqual(linksOf(mjml.html))
    expect(react.text).toBe(mjml.text)
    expect(react.subject).toBe(mjml.subject)
  })

  it('shows each paper in it, with its title, link and reason, in the text part too', async () => {
    for (const { html, text, featured, listed } of await both(props)) {
      const words = wordsOf(html)
      const flat = text.replace(/\s+/g, '')
      for (const [index, id] of [...featured, ...listed].entries()) {
        const shown = props.papers.find((each) => each.id === id)
        expect(words).toContain(shown?.title.replace(/\s+/g, ' ').trim())
        expect(linksOf(html)).toContain(shown?.url)
        expect(flat).toContain(`${index + 1}.${shown?.title.replace(/\s+/g, '')}`)
        expect(text).toContain(`${shown?.url}\n`)
        expect(words).toContain(order.picks[index]?.why)
        expect(flat).toContain(order.picks[index]?.why.replace(/\s+/g, ''))
      }
      for (const id of featured) {
        const abstract = props.papers.find((each) => each.id === id)?.abstract ?? ''
        expect(words).toContain(abstract.replace(/\s+/g, ' ').trim())
        expect(flat).toContain(abstract.replace(/\s+/g, ''))
      }
    }
  })

  it('is byte for byte the same when it is rendered again', async () => {
    expect(await both(make())).toEqual(await both(props))
  })
})

describe('the visible text', () => {
  it('the subject of a day is the first two titles, and the preview text the others', async () => {
    const [{ subject, preheader }] = await both(edition(papers(3)))
    expect(subject).toBe('A study numbered 2603.00001; A study numbered 2603.00002')
    expect(preheader).toBe('A study numbered 2603.00003')
  })

  it('a single paper is in the singular, without words about other papers', async () => {
    for (const { subject, preheader, html } of await both(edition(papers(1)))) {
      expect(subject).toBe('A study numbered 2603.00001')
      expect(preheader).toMatch(/^We look at the matter/)
      expect(wordsOf(html)).toContain(
        'Tuesday’s trending paper Tuesday, 24 November 2026 · Votes as of 08:40 UTC 1 paper.',
      )
      expect(wordsOf(html)).not.toMatch(/ more papers? |on the web/)
    }
  })

  it('votes are in the reason only; stars stand by the code, and comments are the link to the discussion', async () => {
    const links = [
      { label: 'Code', url: 'https://code.example/x' },
      { label: 'Hugging Face', url: 'https://hf.example/papers/x' },
    ]
    const props = edition([
      paper('a-1', { links, comments: 1, stars: 1_204 }),
      paper('a-2', { links, comments: 0, stars: 0 }),
      paper('a-3', { links, comments: 2_000, stars: null }),
    ])
    for (const { html, text } of await both(props)) {
      expect(wordsOf(html)).toMatch(/ Code ★1,204 1 comment .* Code Discuss .* Code 2,000 comments /)
      expect(text).toContain('Code ★1,204: https://code.example/x\n     1 comment: https://hf.example/papers/x')
      for (const words of [wordsOf(html), text]) expect(words.match(/42 votes/g)).toHaveLength(3)
    }
  })

  it('a weekly digest mentions the week', async () => {
    const props = edition(papers(14), { frequency: 'weekly' })
    for (const { subject, html, text } of await both(props)) {
      expect(subject).toBe('This week: A study numbered 2603.00001; A study numbered…')
      for (const words of [wordsOf(html), text]) {
        expect(words).toContain('The week’s trending papers')
        expect(words).toContain('4 more papers')
        expect(words).not.toMatch(/today/i)
      }
    }
  })

  it('a note names a missing source, and the footer says who sent the message and why', async () => {
    const props = edition(papers(2), { incomplete: 'arXiv did not answer.' })
    const { slots } = orderFor(props)
    for (const { html, text } of await both(props)) {
      for (const words of [wordsOf(html), text]) {
        expect(words).toContain('arXiv did not answer.')
        expect(words).toContain(slots.reason)
        expect(words.replace(/\s+/g, ' ')).toContain('your interests come first: sparse retrieval, agents.')
        expect(words).toContain('1 Example Street, 1010 Vienna')
        expect(words).toContain('Tuesday, 24 November 2026 · Votes as of 08:40 UTC')
        expect(words).toContain('2 papers. Nothing matched your interests')
      }
      expect(linksOf(html)).toEqual(expect.arrayContaining([slots.preferencesUrl, slots.browserUrl]))
    }
  })

  it('each paper with an abstract has three feedback links', async () => {
    const props = edition(papers(4))
    const order = orderFor(props, { featured: 2 })
    for (const { html, featured, listed } of await both(props, order)) {
      const links = linksOf(html)
      expect(featured).toHaveLength(2)
      expect(listed).toHaveLength(2)
      expect(links.filter((url) => url.startsWith(`${SITE}/feedback/`))).toEqual(
        featured.flatMap((id) => ['more', 'less', 'save'].map((verdict) => `${order.feedbackUrl}~${id}~${verdict}`)),
      )
    }
  })

  it('a shared title line has the rank of each subscriber', async () => {
    const props = edition(papers(5))
    const compiled = await compileDigest(props, 'mjml')
    const { picks } = orderFor(props)
    for (const ids of [picks, [...picks].reverse(), [...picks.slice(2), ...picks.slice(0, 2)]]) {
      const made = (own: boolean) =>
        assembleDigest(compiled, orderFor(props, { featured: 1, picks: ids.map((pick) => ({ ...pick, own })) }))
      // The second time, the lines are cached.
      for (const shared of [made(true), made(true)])
        expect([shared.html, shared.text]).toEqual([made(false).html, made(false).text])
      const chosen = ids.map((pick) => ({ ...pick, own: false, interest: 'owls', why: 'Matches “owls”' }))
      const { text } = assembleDigest(compiled, orderFor(props, { featured: 1, picks: chosen }))
      expect(text.match(/Matches “owls”/g)).toHaveLength(ids.length)
    }
  })

  it('messages to two subscribers differ only in links and reasons', async () => {
    const props = edition(papers(6))
    for (const engine of TEMPLATE_ENGINES) {
      const compiled = await compileDigest(props, engine)
      const ada = assembleDigest(compiled, orderFor(props, {}, 'ada'))
      const mary = assembleDigest(compiled, orderFor(props, {}, 'mary'))
      expect(ada.html).not.toBe(mary.html)
      expect(ada.html.replaceAll('ada'.padEnd(80, 'x'), '')).toBe(mary.html.replaceAll('mary'.padEnd(80, 'x'), ''))
    }
  })

  it('a subscriber’s own order gives the ranks', async () => {
    const props = edition(papers(3))
    const order = orderFor(props)
    for (const { text, featured } of await both(props, { ...order, picks: [...order.picks].reverse().slice(0, 2) })) {
      expect(featured).toEqual(['2603.00003', '2603.00002'])
      expect(text).toContain('  1. A study numbered 2603.00003\n')
      expect(text).toContain('  2. A study numbered 2603.00002\n')
    }
  })

  it('the text part has at most 76 columns, except for addresses', async () => {
    const [{ text }] = await both(edition(papers(20, { abstract: 'It is a long matter, told in words. '.repeat(60) })))
    expect(text.split('\n').filter((line) => line.length > 76 && !line.includes('http'))).toEqual([])
  })
})

describe('the template version', () => {
  it('is 16 hex digits, stable, and different for each engine', () => {
    expect(templateVersion('mjml')).toMatch(/^[0-9a-f]{16}$/)
    expect(templateVersion('mjml')).toBe(templateVersion('mjml'))
    expect(templateVersion('react')).not.toBe(templateVersion('mjml'))
  })
})
