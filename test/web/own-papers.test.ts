import { afterAll, describe, expect, it } from '@jest/globals'
import { INTERESTS_MAX } from '../../config/limits.ts'
import { dumpLedger, openSite } from '../support/web/site.ts'
import { peopleOf } from './subscriber/preferences/people.ts'

const site = await openSite()
afterAll(() => site.close())
const { subscriber, read } = peopleOf(() => site)
await site.morning()
const { content: known } = await site.app.ledger.db
  .selectFrom('papers')
  .select('content')
  .orderBy('id')
  .executeTakeFirstOrThrow()
const LIST = `${known.id}\nSparse retrieval of owls\nOwls and sparse retrieval\n`

/** Returns the values of the boxes of a page by their name. */
const boxes = (body: string, name: string) =>
  [...body.matchAll(new RegExp(`type="checkbox" name="${name}" value="([^"]*)"`, 'g'))].map(([, value]) => value)

function multipart(fields: Readonly<Record<string, string>>, file: string | null) {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--X\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  if (file !== null)
    parts.push(
      `--X\r\ncontent-disposition: form-data; name="file"; filename="a.bib"\r\ncontent-type: text/plain\r\n\r\n${file}\r\n`,
    )
  return {
    headers: { 'content-type': 'multipart/form-data; boundary=X', 'sec-fetch-site': 'same-origin' },
    payload: `${parts.join('')}--X--\r\n`,
  }
}

describe('own papers of a subscriber', () => {
  it('propose interests and liked papers, and nothing is saved before a choice', async () => {
    const ada = await subscriber({ interests: ['agents'] })
    const before = await dumpLedger(site.app)
    const page = await site.post(`${ada.link}/papers`, {}, multipart({ works: LIST }, ''))
    expect([page.status, page.body.includes('3 works were read, of which 1 is known here')]).toEqual([200, true])
    expect(boxes(page.body, 'interests')).toContain('sparse retrieval')
    expect(boxes(page.body, 'papers')).toEqual([known.id])
    expect(page.body).not.toMatch(/type="checkbox"[^>]* checked/)
    expect(await dumpLedger(site.app)).toBe(before)
    const saved = await site.post(`${ada.link}/papers`, {
      action: 'save',
      interests: ['sparse retrieval'],
      papers: [known.id, 'no-such-paper', '../x'],
    })
    expect(saved.headers.location).toMatch(/saved=seeded$/)
    expect((await read(ada.id)).interests).toEqual(['agents', 'sparse retrieval'])
    const { db } = site.app.ledger
    const feedback = await db.selectFrom('feedback').selectAll().where('subscriber_id', '=', ada.id).execute()
    expect(feedback).toMatchObject([{ paper_id: known.id, verdict: 'more' }])
    expect((await site.get(ada.link)).body).toContain('Learned from 1 paper that you wanted more of')
  })

  it('are read from a file, and a file that is too large is refused in words', async () => {
    const ada = await subscriber()
    const bib = '@article{a, title={Sparse {R}etrieval for Owls}}\n@article{b, title={Owls by Sparse Retrieval}}\n@x{'
    const page = await site.post(`${ada.link}/papers`, {}, multipart({ works: '' }, bib))
    expect(boxes(page.body, 'interests')).toContain('sparse retrieval')
    expect(page.body).toContain('cannot be read as BibTeX')
    const large = await site.post(`${ada.link}/papers`, {}, multipart({}, 'x'.repeat(600 * 1024)))
    expect([large.status, large.body.includes('longer than 512 KB')]).toEqual([422, true])
    const huge = await site.post(`${ada.link}/papers`, {}, multipart({}, 'x'.repeat(5_000 * 1024)))
    expect([huge.status, huge.body.includes('longer than 512 KB')]).toEqual([422, true])
  })

  it('are refused for an old link, from another site, and beyond the limit of interests', async () => {
    const ada = await subscriber({ interests: Array.from({ length: INTERESTS_MAX }, (_, i) => `topic ${i}`) })
    const many = await site.post(`${ada.link}/papers`, { action: 'save', interests: ['owls'] })
    expect([many.status, many.body.includes('Nothing was saved')]).toEqual([422, true])
    expect((await read(ada.id)).interests).toHaveLength(INTERESTS_MAX)
    const foreign = { ...multipart({ works: LIST }, null) }
    foreign.headers['sec-fetch-site'] = 'cross-site'
    expect((await site.post(`${ada.link}/papers`, {}, foreign)).status).toBe(403)
    await site.post(ada.link, { section: 'links' })
    expect((await site.get(`${ada.link}/papers`)).body).not.toContain('Propose interests')
    expect((await site.get('/preferences/1.2.3/papers')).status).toBe(404)
  })
})

describe('own papers of a visitor', () => {
  it('fill the interests of the sign-up form; nothing is stored', async () => {
    const before = await dumpLedger(site.app)
    const page = await site.post('/interests/papers', {}, multipart({ works: LIST }, null))
    expect(boxes(page.body, 'interests')).toContain('sparse retrieval')
    expect(boxes(page.body, 'papers')).toEqual([])
    const form = await site.get('/subscribe?interests=sparse+retrieval&interests=owls')
    expect(form.body).toContain('sparse retrieval\nowls</textarea>')
    expect(await dumpLedger(site.app)).toBe(before)
  })

  it('are named if nothing can be read, and shown without markup', async () => {
    const page = await site.post('/interests/papers', {}, multipart({ works: '<script>alert(1)</script>' }, null))
    expect([page.status, page.body.includes('<script>alert')]).toEqual([422, false])
  })

  it.each([
    ['a visitor', async () => '/interests/papers', '198.51.100.7'],
    ['a subscriber', async () => `${(await subscriber()).link}/papers`, '198.51.100.8'],
  ])('are limited for each network, from %s', async (_who, address, remoteAddress) => {
    const [page, from] = [await address(), { ...multipart({ works: '2401.00001' }, null), remoteAddress }]
    const answers = []
    for (let i = 0; i < 15; i += 1) answers.push((await site.post(page, {}, from)).status)
    expect(new Set(answers)).toEqual(new Set([200, 429]))
  })
})
