import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { day } from '../../../../src/domain/day.ts'
import { openSite, type TestSite } from '../../../support/web/site.ts'
import { listed, PAPERS } from './paper-site.ts'

// The package has no types.
const { entries } = createRequire(import.meta.url)('bibtex-parse') as {
  entries(text: string): Record<string, string | number>[]
}

describe('the page of a paper', () => {
  let site: TestSite
  beforeAll(async () => {
    site = await openSite()
    await site.app.publish(day('2026-11-20'), [listed(PAPERS)])
    await site.app.ledger.pool.query(
      `insert into signals (paper_id, observed_at, upvotes, comments, stars)
       values ('2611.00001', '2026-11-21T09:00Z', 95, 3, 1204), ('2611.00001', '2026-11-22T09:00Z', 210, 12, 1204)`,
    )
  })
  afterAll(() => site?.close())

  const page = async (id: string) => (await site.get(`/paper/${id}`)).body
  const tagsOf = (body: string, name: string) =>
    [...body.matchAll(new RegExp(`<meta (?:name|property)="${name}" content="([^"]*)"`, 'g'))].map((found) => found[1])

  it('leads to the papers of its authors, its organisation, its keywords and its categories', async () => {
    const body = await page('2611.00001')
    for (const path of [
      `/search?q=${encodeURIComponent('author:"Émilie du Châtelet"')}`,
      `/search?q=${encodeURIComponent('author:"Martin King, Jr."')}`,
      `/search?q=${encodeURIComponent('org:"Analytical Society"')}`,
      '/topics/tactile-sensing',
      '/topics/category/cs.RO',
    ]) {
      expect(body).toContain(`href="${path}"`)
      expect([path, (await site.get(path)).body]).toEqual([path, expect.stringContaining('href="/paper/2611.00001"')])
    }
  })

  it('leads to a filled-in form to follow an author and papers like this one', async () => {
    const body = await page('2611.00001')
    const follow = /href="(\/\?interests=[^"]*)#subscribe">Follow papers like this/.exec(body)?.[1] ?? ''
    expect(decodeURIComponent(follow)).toBe('/?interests=tactile sensing, robot hands')
    const author = /href="(\/\?interests=[^"]*)#subscribe">Follow Martin King, Jr\./.exec(body)?.[1] ?? ''
    const form = await site.get(author)
    expect(form.body).toContain('>author:&quot;Martin King Jr.&quot;</textarea>')
  })

  it('has links to the paper in each form, with the stars of its code and the comments of its discussion', async () => {
    const body = await page('2611.00001')
    expect(body).toContain('href="https://arxiv.org/html/2611.00001"')
    expect(body).toMatch(/>Code<span class="count"[^>]*>★ 1,204<\/span><span class="hidden">, 1,204 stars</)
    expect(body).toMatch(/>Hugging Face<span class="count"[^>]*>12 comments</)
    // arXiv made no HTML of papers of 2001.
    expect(await page('cs/0101001')).not.toContain('arxiv.org/html')
  })

  it('shows its votes over time as a picture with words, and as a table', async () => {
    const body = await page('2611.00001')
    expect(body).toContain('1st of 5 · 210 votes')
    expect(body).toMatch(/<svg [^>]*role="img".*<desc[^>]*>From 42 votes on 20 Nov to 210 votes on 22 Nov\.<\/desc>/)
    expect(body).toMatch(/<td>2026-11-22 09:00<\/td><td>210<\/td>/)
    const once = await page('2611.00003')
    expect(once).not.toContain('votes-chart')
    expect(once).toMatch(/As of \d\d:\d\d UTC, \w+day, \d+ November 2026/)
  })

  it('leads to similar papers and says what they share, and to its neighbours of the day', async () => {
    const body = await page('2611.00002')
    const similar = body.slice(body.indexOf('id="similar"'), body.indexOf('id="cite"'))
    expect(similar).toMatch(/href="\/paper\/2611\.00001">.*Both: Tactile Sensing/)
    expect(similar).not.toContain('2611.00003')
    expect(body).toMatch(/href="\/paper\/2611\.00001" rel="prev"/)
    expect(body).toMatch(/href="\/paper\/cs\/0101001" rel="next"/)
    expect(await page('2611.00001')).not.toContain('rel="prev"')
  })

  it('tells reference managers what to cite, and search engines in JSON, whatever the title contains', async () => {
    const body = await page('2611.00001')
    expect(tagsOf(body, 'citation_author')).toEqual(['Lovelace, Ada', 'du Châtelet, Émilie', 'King, Martin, Jr.'])
    expect(tagsOf(body, 'citation_title')).toHaveLength(1)
    expect(tagsOf(body, 'citation_publication_date')).toEqual(['2026/11/19'])
    expect(tagsOf(body, 'citation_arxiv_id')).toEqual(['2611.00001'])
    expect(tagsOf(body, 'citation_doi')).toEqual(['10.48550/arXiv.2611.00001'])
    expect(tagsOf(body, 'citation_pdf_url')).toEqual(['https://arxiv.org/pdf/2611.00001'])
    expect(tagsOf(body, 'citation_abstract_html_url')).toEqual(['https://papers.example.org/paper/2611.00001'])
    const hostile = await page('2611.00003')
    const json = /<script type="application\/ld\+json">([^<]*)<\/script>/.exec(hostile)?.[1] ?? ''
    expect(JSON.parse(json)).toMatchObject({ '@type': 'ScholarlyArticle', name: PAPERS[3]?.paper.title })
    expect(hostile).not.toContain('<script>alert')
  })

  it.each([
    ['2611.00001', 'lovelace2026robot', '2611.00001.bib'],
    ['cs/0101001', 'lovelace2001sorting', 'cs-0101001.bib'],
  ])('can be cited from a file, as BibTeX and as RIS (%s)', async (id, key, file) => {
    const bib = await site.get(`/paper/${id}/cite.bib`)
    expect(bib.headers).toMatchObject({
      'content-type': 'application/x-bibtex; charset=utf-8',
      'content-disposition': `attachment; filename="${file}"`,
    })
    expect(entries(bib.body)).toHaveLength(1)
    expect(entries(bib.body)[0]).toMatchObject({ key, EPRINT: id })
    const ris = await site.get(`/paper/${id}/cite.ris`)
    expect(ris.headers['content-type']).toBe('application/x-research-info-systems; charset=utf-8')
    for (const line of ris.body.split('\r\n').slice(0, -1)) expect(line).toMatch(/^[A-Z][A-Z0-9] {2}- /)
  })

  it('is described by the sentence that says what the paper presents', async () => {
    const body = await page('2611.00005')
    const sentence = 'We present Quill, a pen that writes long names on one line.'
    for (const name of ['description', 'og:description']) expect(tagsOf(body, name)).toEqual([sentence])
  })

  it('has a picture that other sites show with a link', async () => {
    const body = await page('2611.00001')
    const [url = ''] = tagsOf(body, 'og:image')
    expect(url).toBe('https://papers.example.org/paper/2611.00001/card.png')
    expect(tagsOf(body, 'og:image:alt')[0]).toContain('210 votes')
    expect(tagsOf(body, 'twitter:card')).toEqual(['summary_large_image'])
    const answers = await Promise.all([url, url, '/paper/cs/0101001/card.png'].map((each) => site.get(each)))
    expect(answers.map(({ status, headers }) => [status, headers['content-type']])).toEqual(
      answers.map(() => [200, 'image/png']),
    )
    const etag = String(answers[0]?.headers.etag)
    expect((await site.get(url, { headers: { 'if-none-match': etag } })).status).toBe(304)
    expect(answers[2]?.headers.etag).not.toBe(etag)
  })

  it('has a day with a picture of its own, which today’s page shows too', async () => {
    const url = 'https://papers.example.org/papers/2026-11-20/card.png'
    for (const path of ['/', '/papers/2026-11-20']) {
      const { body } = await site.get(path)
      expect(tagsOf(body, 'og:image')).toEqual([url])
      expect(tagsOf(body, 'og:image:alt')[0]).toMatch(/^5 trending papers\. 1\. Robot hands/)
    }
    // The id of a paper may look like a date.
    expect((await site.get('/paper/2026-11-20/card.png')).status).toBe(404)
    expect((await site.get(url)).headers['content-type']).toBe('image/png')
    for (const date of ['2026-11-19', 'monday']) expect((await site.get(`/papers/${date}/card.png`)).status).toBe(404)
  })

  it.each(['cite.bib', 'cite.ris', 'card.png', 'cite.doc', ''])(
    'is not found under an unknown id (%s)',
    async (ending) => {
      for (const id of ['2611.09999', 'cs/0101009', 'no%20id'])
        expect((await site.get(`/paper/${id}/${ending}`)).status).toBe(404)
    },
  )

  it.each([
    ['/paper/2611.00001', 2],
    ['/paper/2611.00001/cite.bib', 1],
    ['/paper/2611.00001/card.png', 1],
    ['/paper/2611.09999', 1],
    ['/paper/2611.09999/cite.ris', 1],
    ['/paper/2611.09999/card.png', 1],
  ])('is read once for many visitors, also if it is unknown (%s)', async (path, most) => {
    const { pool } = site.app.ledger
    site.clock.now = new Date(site.clock.now.getTime() + 60_000)
    let queries = 0
    const counted = pool.connect.bind(pool)
    pool.connect = ((...args: []) => {
      queries += 1
      return counted(...args)
    }) as typeof pool.connect
    for (let n = 0; n < 10; n += 1) await Promise.all([site.get(path), site.get(path)])
    pool.connect = counted
    expect(queries).toBeLessThanOrEqual(most)
    expect(queries).toBeGreaterThan(0)
  })

  it('limits the pictures that one network asks for', async () => {
    const ask = () => site.get('/paper/2611.00001/card.png', { remoteAddress: '203.0.113.9' })
    const statuses: number[] = []
    for (let n = 0; n < 61; n += 1) statuses.push((await ask()).status)
    expect(statuses.indexOf(429)).toBe(60)
  })
})
