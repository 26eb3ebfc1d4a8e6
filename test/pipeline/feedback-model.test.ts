import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { FEEDBACK_PAPERS_MAX } from '../../config/limits.ts'
import { day } from '../../src/domain/day.ts'
import { readSent } from '../../src/ledger/deliveries/sent-digest.ts'
import { eraseSubscriber } from '../../src/ledger/subscribers/erase.ts'
import { writeFeedback } from '../../src/ledger/subscribers/feedback.ts'
import { readFeedbackProfile } from '../../src/ledger/subscribers/feedback-profiles.ts'
import { feedbackEnding } from '../../src/security/signed-links.ts'
import { sampleSource } from '../../src/sources/sample.ts'
import { addSubscribersFor, QUICKEST } from '../support/app.ts'
import { paperOf } from '../support/papers.ts'
import { DAY_MS, openSite, type TestSite } from '../support/web/site.ts'

describe('a profile that was learned from feedback', () => {
  let site: TestSite
  let [ada, kofi] = ['', '']
  let more = ''
  beforeAll(async () => {
    site = await openSite({ shape: QUICKEST })
    ;[ada = '', kofi = ''] = await addSubscribersFor(site.app, [
      { email: 'ada@example.org', interestShare: 50 },
      { email: 'kofi@example.org', interestShare: 50 },
    ])
    await site.morning()
    // A paper on what one of tomorrow’s is about.
    const tomorrow = await sampleSource({ clock: site.app.clock }).read(day('2026-11-25'))
    const about = tomorrow.kind === 'listed' ? tomorrow.listings.at(-1)?.paper : undefined
    await addPapers([{ id: 'before', title: `Before: ${about?.title}`, abstract: about?.abstract ?? '' }])
    more = site.app.links.feedback({ id: ada, linkGeneration: 0 }) + feedbackEnding('before', 'more')
  })
  afterAll(() => site?.close())

  const db = () => site.app.ledger.db
  const addPapers = (papers: readonly { id: string; title: string; abstract: string }[]) =>
    db()
      .insertInto('papers')
      .values(
        papers.map((paper) => ({
          id: paper.id,
          content: JSON.stringify(paperOf(paper.id, paper)),
          first_day: '2026-11-01',
          updated_at: site.clock.now,
        })),
      )
      .execute()
  const preferences = (id: string) => site.app.links.preferences({ id, linkGeneration: 0 })

  it('is shown at once, selects the next digest, and is the reason there', async () => {
    const noted = await site.post(more)
    expect(noted.body).toMatch(/Learned from your feedback so far:.*More of/s)
    const { learned } = (await readFeedbackProfile(db(), ada)) ?? {}
    expect(learned).toMatchObject({ more: 1, less: 0, disliked: null })

    site.clock.now = new Date(site.clock.now.getTime() + DAY_MS)
    const [hers, his] = (await site.morning()).sort((a, b) => String(a.to).localeCompare(String(b.to)))
    expect(hers?.text?.replace(/\s+/g, ' ')).toContain('What you asked more of counts too')
    const [, words = ''] = /Like papers you asked more of: ([^·]+) ·/.exec(hers?.text?.replace(/\s+/g, ' ') ?? '') ?? []
    expect(words).not.toBe('')
    // A keyword is written as in the paper.
    const taught = learned?.topics.map(({ shown }) => shown.toLowerCase())
    expect(taught).toEqual(expect.arrayContaining(words.toLowerCase().split(', ')))
    expect(his?.text).not.toMatch(/asked more/)
  })

  it('is frozen with the digest, so that a repeat has the same bytes after it changed', async () => {
    const composed = async () => {
      const { id } = await db()
        .selectFrom('deliveries')
        .select('id')
        .where('subscriber_id', '=', ada)
        .where('day', '=', '2026-11-25')
        .executeTakeFirstOrThrow()
      const sent = await readSent(db(), id)
      if (sent.kind !== 'frozen') throw new Error('it did not go out')
      return (await site.app.composer.open(day('2026-11-25'), false)).digest(sent.member, site.app.composer.keyId)
    }
    const before = await composed()
    expect(before.text.replace(/\s+/g, ' ')).toContain('Like papers you asked more of')
    await site.post(more, { verdict: 'less' })
    expect((await readFeedbackProfile(db(), ada))?.learned).toMatchObject({ more: 0, less: 1 })
    expect(await composed()).toEqual(before)
  })

  it('is on the preferences page and in the export, and a button deletes it', async () => {
    const page = await site.get(preferences(ada))
    expect(page.body).toMatch(/Learned from your feedback.*Less of.*1 paper that you wanted less of/s)
    const data = JSON.parse((await site.get(`${preferences(ada)}/data`)).body)
    expect(data.learned.topics.length).toBeGreaterThan(0)
    expect(await site.post(preferences(ada), { section: 'learned', action: 'forget' })).toMatchObject({ status: 303 })
    expect((await site.get(preferences(ada))).body).not.toContain('Learned from your feedback')
    const after = JSON.parse((await site.get(`${preferences(ada)}/data`)).body)
    expect([after.learned, after.feedback]).toEqual([null, []])
    expect(JSON.stringify(after.events)).not.toContain('verdict')
    expect((await site.get(preferences(kofi))).body).not.toContain('Learned from your feedback')
  })

  it('is learned by reconcile after a crash, from the newest feedback, and is erased with its subscriber', async () => {
    const papers = await db().selectFrom('papers').select('id').where('id', '<', 'a').orderBy('id').execute()
    const text = { title: 'Retrieval of sparse memories', abstract: 'Sparse retrieval.' }
    const made = Array.from({ length: FEEDBACK_PAPERS_MAX }, (_, i) => ({ id: `made-${i}`, ...text }))
    await addPapers(made)
    for (const [index, { id }] of [...papers.slice(0, 2), ...made].entries()) {
      const at = new Date(site.clock.now.getTime() + index)
      expect(await writeFeedback(db(), { subscriberId: kofi, paperId: id, verdict: 'more' }, at)).toBe('written')
    }
    const kept = await db().selectFrom('feedback').select('paper_id').where('subscriber_id', '=', kofi).execute()
    expect(kept).toHaveLength(FEEDBACK_PAPERS_MAX)
    expect(kept.map((row) => row.paper_id)).not.toContain(papers[0]?.id)
    expect(await readFeedbackProfile(db(), kofi)).toEqual({ learned: null, due: true })
    await site.app.reconcile({ editions: false })
    const profile = await readFeedbackProfile(db(), kofi)
    expect(profile).toMatchObject({ due: false, learned: { more: FEEDBACK_PAPERS_MAX } })
    expect(profile?.learned?.topics[0]?.shown).toMatch(/sparse|retrieval|memories/i)
    await eraseSubscriber(db(), kofi, site.clock.now)
    expect(await readFeedbackProfile(db(), kofi)).toBeNull()
    const events = await db().selectFrom('events').select('data').where('kind', '=', 'subscriber.feedback').execute()
    expect(events.map(({ data }) => data)).toEqual(events.map(() => ({})))
  })
})
