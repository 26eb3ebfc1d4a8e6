import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parse } from 'csv-parse/sync'
import { SAVED_PAPERS_MAX } from '../../../config/limits-web.ts'
import { readDataExport } from '../../../src/ledger/subscribers/data-export.ts'
import { eraseSubscriber } from '../../../src/ledger/subscribers/erase.ts'
import { countSavedPapers, savePaper } from '../../../src/ledger/subscribers/saved-papers.ts'
import { feedbackEnding } from '../../../src/security/signed-links.ts'
import { addSubscribersFor, QUICKEST } from '../../support/app.ts'
import { dumpLedger, openSite, type TestSite } from '../../support/web/site.ts'

const FOREIGN = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' }

describe('saved papers', () => {
  let site: TestSite
  let papers: string[] = []
  let names = 0
  beforeAll(async () => {
    site = await openSite({ shape: QUICKEST })
    await site.morning()
    const rows = await site.app.ledger.db.selectFrom('papers').select('id').orderBy('id').execute()
    papers = rows.map(({ id }) => id)
  })
  afterAll(() => site?.close())

  const subscriber = async () => {
    names += 1
    const [id = ''] = await addSubscribersFor(site.app, [{ email: `reader${names}@example.org` }])
    const owner = { id, linkGeneration: 0 }
    const { links } = site.app
    const feedback = (paper: string, ending: 'more' | 'less' | 'save') =>
      links.feedback(owner) + feedbackEnding(paper, ending)
    return { id, owner, feedback, list: links.saved(owner) }
  }
  const titlesIn = (body: string) =>
    [...body.matchAll(/<h2 class="title"[^>]*><a href="\/paper\/([^"]+)"/g)].map(([, id]) => id)
  const saveAt = (id: string, paperId: string, minute: number) =>
    savePaper(site.app.ledger.db, { subscriberId: id, paperId }, new Date(Date.UTC(2026, 9, 24, 12, minute)))

  it('a link in a digest shows buttons; only the button saves, and it can be undone', async () => {
    const { id, feedback, list } = await subscriber()
    const link = feedback(papers[0] ?? '', 'save')
    const before = await dumpLedger(site.app)
    const asked = await site.get(link)
    expect(asked.body).toContain('<h1>Save for later</h1>')
    for (const value of ['save', 'more', 'less']) expect(asked.body).toMatch(new RegExp(`<button[^>]*value="${value}"`))
    for (const page of [link, list, `${list}/csv`, `${list}/bibtex`]) {
      await site.get(page)
      await site.get(page, { method: 'HEAD' })
    }
    expect(await dumpLedger(site.app)).toBe(before)

    const saved = await site.post(link)
    expect(saved.body).toContain('<h1>Saved for later</h1>')
    expect(saved.body.match(/is in your saved papers/g)).toHaveLength(1)
    expect(saved.body).toContain('value="unsave"')
    // The digest may have been forwarded.
    expect(saved.body).not.toMatch(/\/(saved|preferences)\//)
    expect((await site.post(link)).status).toBe(200)
    expect(titlesIn((await site.get(list)).body)).toEqual([papers[0]])
    await site.post(link, { verdict: 'unsave' })
    expect(await countSavedPapers(site.app.ledger.db, id)).toBe(0)
    expect((await site.get(list)).body).toContain('You have saved no papers yet.')
  })

  it('the same page takes back a verdict', async () => {
    const { id, feedback } = await subscriber()
    const more = feedback(papers[0] ?? '', 'more')
    expect((await site.post(more)).body).toContain('value="none"')
    const undone = await site.post(more, { verdict: 'none' })
    expect(undone.body).toContain('<h1>Your feedback is undone</h1>')
    const rows = await site.app.ledger.db
      .selectFrom('feedback')
      .select('verdict')
      .where('subscriber_id', '=', id)
      .execute()
    expect(rows).toEqual([])
    expect((await site.get(more)).body).not.toContain('Your current choice')
  })

  it('are listed newest first, in pages; one can be removed and put back', async () => {
    const { id, list } = await subscriber()
    const [a = '', b = '', c = ''] = papers
    await saveAt(id, b, 1)
    await saveAt(id, a, 2)
    await saveAt(id, c, 3)
    const page = await site.get(list)
    expect(titlesIn(page.body)).toEqual([c, a, b])
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow' })
    expect(page.body).not.toContain('@example.org')
    expect((await site.post(list, { paper: a, action: 'remove' }, { headers: FOREIGN })).status).toBe(403)
    const removed = await site.post(list, { paper: a, action: 'remove' })
    expect(removed.status).toBe(303)
    const after = await site.get(String(removed.headers.location))
    expect(titlesIn(after.body)).toEqual([c, b])
    expect(after.body).toContain('Undo')
    await site.post(list, { paper: a, action: 'save' })
    expect(titlesIn((await site.get(String(removed.headers.location))).body)).toEqual([a, c, b])
    for (const strange of ['0', '-1', 'x', '1e9']) expect((await site.get(`${list}?page=${strange}`)).status).toBe(200)
    expect((await site.post(list, { paper: "'; drop", action: 'save' })).status).toBe(303)
  })

  it('are downloaded as CSV without formulas, and as BibTeX with a key for each', async () => {
    const { id, list } = await subscriber()
    const { db } = site.app.ledger
    const { content } = await db
      .selectFrom('papers')
      .select('content')
      .where('id', '=', papers[0] ?? '')
      .executeTakeFirstOrThrow()
    for (const twin of ['2611.09001', '2611.09002']) {
      const paper = { ...content, id: twin, title: '=HYPERLINK("x") & more', authors: ['Ada Lovelace'] }
      await db
        .insertInto('papers')
        .values({ id: twin, content: JSON.stringify(paper), first_day: '2026-11-24', updated_at: new Date() })
        .execute()
      await saveAt(id, twin, Number(twin.slice(-1)))
    }
    const csv = await site.get(`${list}/csv`)
    expect(csv.headers['content-disposition']).toBe('attachment; filename="saved-papers.csv"')
    const rows = parse(csv.body, { columns: true }) as Record<string, string>[]
    expect(rows.map((row) => [row.id, row.title, row.authors])).toEqual([
      ['2611.09002', '\'=HYPERLINK("x") & more', 'Ada Lovelace'],
      ['2611.09001', '\'=HYPERLINK("x") & more', 'Ada Lovelace'],
    ])
    const bibtex = await site.get(`${list}/bibtex`)
    expect(bibtex.headers).toMatchObject({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow' })
    const keys = [...bibtex.body.matchAll(/^@\w+\{([^,]+),/gm)].map(([, key]) => key)
    expect(new Set(keys).size).toBe(2)
    expect(bibtex.body).toContain('eprint = {2611.09001}')
  })

  it('have a limit, which the page explains', async () => {
    const { id, feedback, list } = await subscriber()
    await site.app.ledger.pool.query(
      `insert into papers (id, content, first_day, updated_at)
         select 'bulk-' || n, '{"id":"x","title":"T","abstract":"","authors":[],"categories":[],"keywords":[],"links":{}}', '2026-11-01', now() from generate_series(1, ${SAVED_PAPERS_MAX}) n`,
    )
    await site.app.ledger.pool.query(
      `insert into saved_papers select $1, 'bulk-' || n, now() from generate_series(1, ${SAVED_PAPERS_MAX}) n`,
      [id],
    )
    const full = await site.post(feedback(papers[0] ?? '', 'save'))
    expect([full.status, full.body]).toEqual([
      409,
      expect.stringContaining('You have saved 1,000 papers, and we store no more.'),
    ])
    expect(await countSavedPapers(site.app.ledger.db, id)).toBe(SAVED_PAPERS_MAX)
    expect((await site.get(`${list}?page=20`)).body).toMatch(/Page (<!-- -->)?20(<!-- -->)? of (<!-- -->)?20/)
  })

  it('stay after unsubscribing and say so, are exported, and end with the links and with the subscriber', async () => {
    const { id, list } = await subscriber()
    const { db, subscribers } = { db: site.app.ledger.db, subscribers: site.app.links }
    await saveAt(id, papers[0] ?? '', 1)
    expect((await readDataExport(db, id))?.saved).toMatchObject([{ paper: papers[0] }])
    await site.post(subscribers.subscriber('unsubscribe', id))
    const page = await site.get(list)
    expect(page.body).toContain('You receive no digests any more.')
    expect(titlesIn(page.body)).toEqual([papers[0]])
    await db.updateTable('subscribers').set({ link_generation: 1 }).where('id', '=', id).execute()
    for (const path of ['', '/csv', '/bibtex']) expect((await site.get(list + path)).status).toBe(410)
    expect((await site.post(list, { paper: papers[0] ?? '', action: 'remove' })).status).toBe(410)
    const current = subscribers.saved({ id, linkGeneration: 1 })
    expect((await site.get(current)).status).toBe(200)
    expect((await site.get(`${current.slice(0, -4)}AAAA`)).status).toBe(404)
    // A link for another purpose opens nothing.
    expect((await site.get(subscribers.feed({ id, linkGeneration: 1 }).replace('/feed/', '/saved/'))).status).toBe(404)
    await eraseSubscriber(db, id, site.clock.now)
    expect(await countSavedPapers(db, id)).toBe(0)
    expect((await site.get(current)).status).toBe(410)
  })
})
