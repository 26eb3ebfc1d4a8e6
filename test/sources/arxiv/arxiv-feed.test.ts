import { describe, expect, it } from '@jest/globals'
import { parseFeed } from '../../../src/sources/arxiv/arxiv-feed.ts'
import { apiEntry, apiFeed, readArxiv, rssFeed, rssItem, stop, TUESDAY } from '../../support/arxiv-feeds.ts'
import { answers } from '../../support/servers/loopback-server.ts'

describe('a feed of arXiv', () => {
  it('is read with a line break before its XML, in ISO 8859-1, with HTML’s entities and bare ampersands', async () => {
    const feed = apiFeed(apiEntry('2611.00001', 'Caf&eacute;s &mdash;&nbsp;R&D & <![CDATA[a&agrave;]]> \u00fcber'))
      .replace("encoding='UTF-8'", "encoding='ISO-8859-1'")
      .replace('<name>Ada L.</name></author>', '<name>Atlas Team</name></author><author><name>:</name></author>')
    const latin1 = Buffer.from(`\r\n ${feed}`, 'latin1')
    for (const headers of [{}, { 'content-type': 'application/xml; charset="iso-8859-1"' }]) {
      const body =
        'content-type' in headers
          ? Buffer.from(latin1.toString('latin1').replace("encoding='ISO-8859-1'", ''), 'latin1')
          : latin1
      const { answer } = await readArxiv(TUESDAY, [
        (_, response) => {
          response.writeHead(200, headers).end(body)
        },
      ])
      expect(answer.kind === 'listed' && answer.listings[0]?.paper).toMatchObject({
        title: 'Cafés — R&D & aà über',
        authors: ['Atlas Team', 'Bo É. K.'],
      })
      await stop()
    }
  })

  it.each([
    ['This paper has been withdrawn by the author(s)', '', 'T', true],
    ['Withdrawn due to an error in Lemma 3', '', 'T', true],
    ['12 pages. This version withdrawn by arXiv administrators', '', 'T', true],
    ['', 'This paper has been temporarily withdrawn.', 'T', true],
    ['', 'We study it.', '[Withdrawn] On owls', true],
    ['Submission withdrawn from ICLR 2026', '', 'T', false],
    ['9 pages', 'We study papers that were withdrawn. A paper was retracted in 2010.', 'Withdrawn papers', false],
  ])('by %j, %j or %j decides whether a paper is withdrawn: %p', (comment, abstract, title, isWithdrawn) => {
    const entry = apiEntry('2611.00001', title)
      .replace(/<arxiv:comment>.*<\/arxiv:comment>/, `<arxiv:comment>${comment}</arxiv:comment>`)
      .replace(/<summary>.*<\/summary>/, `<summary>${abstract}</summary>`)
    const feed = parseFeed(apiFeed(entry))
    expect(feed.kind === 'feed' && [feed.listings.length, feed.withdrawn.length]).toEqual(isWithdrawn ? [0, 1] : [1, 0])
  })

  it('rejects a document type, whose entities could grow', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${apiFeed(apiEntry('2611.00001', '&b;')).slice(38)}`
    expect(parseFeed(bomb)).toMatchObject({ kind: 'error' })
  })
})

describe("arXiv's RSS", () => {
  it('is read for the current day: cross-lists stay, replacements are dropped and counted', async () => {
    const items = [
      rssItem('2611.00001', 'new'),
      rssItem('2611.00002', 'cross'),
      rssItem('2601.00003', 'replace'),
      rssItem('2601.00004', 'replace-cross'),
    ]
    const { answer, requests } = await readArxiv(
      TUESDAY,
      [answers(200, apiFeed('', 0)), answers(200, rssFeed(items.join('')))],
      {
        feedUrl: 'x',
      },
    )
    expect(requests.map(({ url }) => url.split('?')[0])).toEqual(['/api/query', '/rss/cs.CL+cs.AI'])
    expect(answer).toMatchObject({
      kind: 'listed',
      dropped: { count: 0 },
      leftOut: [{ why: 'new versions of announced papers', papers: 2 }],
    })
    const papers = answer.kind === 'listed' ? answer.listings.map(({ paper }) => paper) : []
    expect(papers.map(({ id }) => id)).toEqual(['2611.00001', '2611.00002'])
    expect(papers[0]).toMatchObject({
      abstract: 'The abstract: of it.',
      authors: ['Ada L.', 'Bo K.', 'José'],
      categories: ['cs.CL', 'cs.AI'],
    })
  })

  it('that cannot be read loses no paper, and is noted', async () => {
    const handlers = [answers(200, apiFeed(apiEntry('2611.00001'))), answers(404, 'no such feed')]
    expect((await readArxiv(TUESDAY, handlers, { feedUrl: 'x' })).answer).toMatchObject({
      kind: 'listed',
      missing: null,
      note: 'the feed of new announcements was not read: arXiv answered HTTP 404: no such feed',
    })
  })

  it('is ignored when it is of another day', async () => {
    const stale = answers(200, rssFeed(rssItem('2611.00001', 'new'), 'Mon, 23 Nov 2026 00:00:00 -0500'))
    const { answer } = await readArxiv(TUESDAY, [answers(200, apiFeed(apiEntry('2611.00009'))), stale], {
      feedUrl: 'x',
    })
    expect(answer.kind === 'listed' && answer.listings.map(({ paper }) => paper.id)).toEqual(['2611.00009'])
  })

  it('with only replacements has no new papers', async () => {
    const feed = answers(200, rssFeed(rssItem('2601.00003', 'replace')))
    const { answer } = await readArxiv(TUESDAY, [answers(200, apiFeed('', 0)), feed], { feedUrl: 'x' })
    expect(answer).toEqual({ kind: 'empty', reason: 'not-open' })
  })
})
