import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { day } from '../../../../src/domain/day.ts'
import { QUICKEST } from '../../../support/app.ts'
import { SEARCH_PAPERS } from '../../../support/corpora/search-papers.ts'
import { aPublishedEdition } from '../../../support/editions.ts'
import { paperOf } from '../../../support/papers.ts'
import { openSite, type TestSite } from '../../../support/web/site.ts'

const LARGE_TEAM = paperOf('2601.00077', {
  title: 'Lighthouses at Dusk',
  abstract: 'How far their lamps reach.',
  authors: ['Una Wren', 'Otto Teal', 'Ivo Lark', 'Mia Swift', 'Leo Dove', 'Véronique Égret', 'Ann Lamps', 'Bo Reach'],
})

let site: TestSite
beforeAll(async () => {
  site = await openSite({ shape: QUICKEST })
  const papers = [...SEARCH_PAPERS, LARGE_TEAM]
  const draft = aPublishedEdition(
    day('2026-11-24'),
    papers.map(({ id }) => id),
    site.clock.now,
  )
  const entries = draft.entries.map((entry, at) => ({ ...entry, paper: papers[at] ?? entry.paper }))
  await site.app.ledger.editions.saveEdition({ ...draft, entries })
})
afterAll(() => site.close())

let network = 0
const search = (query: string, more = '') => {
  network += 1
  return site.get(`/search?q=${encodeURIComponent(query)}${more}`, { remoteAddress: `192.0.2.${network}` })
}
const idsIn = (body: string) => [...body.matchAll(/href="\/paper\/([^"]+)"/g)].map(([, id]) => id)

describe('the search page', () => {
  it.each(['2601.00003', 'arXiv:2601.00003v2', 'https://arxiv.org/pdf/2601.00003', '10.48550/arXiv.2601.00003'])(
    'goes from “%s” to the paper',
    async (query) => {
      const { status, headers } = await search(query)
      expect([status, headers.location]).toEqual([302, '/paper/2601.00003'])
    },
  )

  it('says that a paper was in no list, and links to arXiv', async () => {
    const { status, body } = await search('arXiv:2601.99999')
    expect(status).toBe(200)
    expect(body).toContain('2601.99999 has been in none of our lists.')
    expect(body).toContain('href="https://arxiv.org/abs/2601.99999"')
  })

  it('marks the words in titles and abstracts', async () => {
    const { body } = await search('kelpnet seaweeds')
    expect(body).toContain('<mark>KelpNet-7.5</mark>: Counting <mark>Seaweed</mark> from the Air')
    expect(body).toContain('We count <mark>seaweed</mark> with')
  })

  it('shows the author whose name was searched, even if the line of authors leaves that one out', async () => {
    const { body } = await search('veronique egret')
    expect(body).toMatch(/Leo Dove and 3 others.*With .*<mark>Véronique<\/mark> <mark>Égret<\/mark>/s)
    expect((await search('egret')).body).toContain('Véronique <mark>Égret</mark>')
    // The abstract has these words, so no author explains the result.
    expect((await search('lamps reach')).body).not.toContain('With ')
    expect((await search('una wren')).body).not.toContain('With ')
  })

  it('corrects typos in titles, authors, organisations and keywords when nothing is found', async () => {
    for (const [typed, id] of [
      ['KeplNet', '2601.00001'],
      ['Angstrm', '2601.00001'],
      ['lichneai hexagonal', '2601.00002'],
      ['benchmraks', '2601.00003'],
      ['TydeBench', '2601.00003'],
      ['author:Kjaar', '2601.00002'],
    ] as const)
      expect([typed, idsIn((await search(typed)).body)[0]]).toEqual([typed, id])
    expect((await search('KeplNet')).body).toContain('Showing results for <b>kelpnet</b>')
    // Names differ in their numbers only.
    expect((await search('KelpNet-8.5')).body).toContain('No papers found.')
  })

  it('adds the papers of another spelling when few are found', async () => {
    const { body } = await search('gardenre or fluids')
    expect(body).toMatch(/Did you mean <a href="\/search\?q=gardener\+or\+fluids">/)
    expect(idsIn(body)).toEqual(['2601.00003', '2601.00005', '2601.00004'])
  })

  it('shows papers with all words but one when no paper has all, and offers no subscription to them', async () => {
    const { body } = await search('hexagonal attention zeppelin')
    expect(body).toContain('No paper has all these words. 1 paper with all words but one:')
    expect(body).not.toContain('Turn this search into a subscription')
  })

  it('filters and sorts by its form without a script, and keeps the choices', async () => {
    const fields = '&org=LichenAI&code=&category=&keyword=&sort=newest&from=2026-11-01&to='
    const { body } = await search('', fields)
    expect(idsIn(body).sort()).toEqual(['2601.00002', '2601.00004'])
    expect(body).toMatch(/<details open="">/)
    expect(body).toMatch(/name="org"[^>]*value="LichenAI"/)
    expect(body).toMatch(/<option value="newest" selected="">/)
    expect(idsIn((await search('gardener', '&code=yes')).body)).toEqual(['2601.00005'])
    // A later reading that counts stars only does not hide the votes.
    await site.app.ledger.pool.query(
      `insert into signals (paper_id, observed_at, stars) values ('2601.00004', '2026-11-24T10:00Z', 7)`,
    )
    expect(idsIn((await search('gardener', '&sort=votes')).body)).toEqual(['2601.00004', '2601.00005'])
  })

  it('says what to do when the filters leave nothing', async () => {
    const { body } = await search('seaweed', '&category=cs.CL')
    expect(body).toContain('No papers found.')
    expect(body).toContain('<a href="/search?q=seaweed">without the filters and dates</a>')
  })

  it('links to interests and to a feed that have the same papers, also with filters and alternatives', async () => {
    const { body } = await search('hexagonal or gardener -robot', '&org=LichenAI')
    const interests = /\/\?interests=([^#"]+)#subscribe/.exec(body)?.[1] ?? ''
    // The form gets both as interests of their own.
    expect((await site.get(`/?interests=${interests}`)).body).toContain(
      '>hexagonal org:&quot;LichenAI&quot;, gardener org:&quot;LichenAI&quot; -robot</textarea>',
    )
    const feed = /href="(\/feed\.xml\?q=[^"]+)"/.exec(body)?.[1] ?? ''
    const { body: atom } = await site.get(feed)
    expect(idsIn(body)).toEqual(['2601.00002'])
    expect([...new Set(atom.match(/2601\.\d{5}/g))]).toEqual(['2601.00002'])
  })
})
