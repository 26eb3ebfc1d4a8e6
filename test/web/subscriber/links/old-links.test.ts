import { describe, expect, it } from '@jest/globals'
import type { ParsedMail } from 'mailparser'
import { readSelection } from '../../../../src/ledger/deliveries/selection-text.ts'
import { claimTransactional, writeTransactionals } from '../../../../src/ledger/deliveries/transactional.ts'
import { revokeLinks } from '../../../../src/ledger/links/link-generations.ts'
import { readSubscriber } from '../../../../src/ledger/subscribers/subscribers.ts'
import { tokenInSubject } from '../../../../src/mail/inbound/unsubscribe-subject.ts'
import { unsubscribeByToken } from '../../../../src/subscriptions/unsubscribe.ts'
import { CLAIM_DEFAULTS } from '../../../support/sending/claiming.ts'
import { DAY_MS, dumpLedger, linksIn } from '../../../support/web/site.ts'
import { addressOf, linkOf, openSubscriberLinks } from '../../../support/web/subscriber-links.ts'

const { site, add, later, press, current, logOut } = await openSubscriberLinks()

describe('links of a subscriber', () => {
  it('from before generations work until the subscriber disables them', async () => {
    const ada = await add()
    const digest = (await site.morning()).find((mail) => addressOf(mail) === ada.email)
    const old = linkOf(digest, 'preferences')
    expect(old).toBe(site.app.links.preferences({ id: ada.id, linkGeneration: 0 })) // Signed as before.
    const links = [old, `${old}/data`, `${old}/erase`, linkOf(digest, 'digest'), linkOf(digest, 'feedback')]
    for (const link of links) expect((await site.get(link)).status).toBe(200)
    const out = await site.post(old, { section: 'links' })
    expect(out.status).toBe(303)
    const page = await site.get(String(out.headers.location))
    expect([page.status, page.body.includes('Old links to this page no longer work')]).toEqual([200, true])
    const before = await dumpLedger(site.app)
    for (const link of links) {
      const answers = [await site.get(link), await site.post(link, { hour: '3', verdict: 'less' })]
      for (const { status, body } of answers.slice(0, link.includes('/digest/') || link.endsWith('/data') ? 1 : 2)) {
        expect([link, status, body.includes('This link no longer works')]).toEqual([link, 410, true])
        expect(body).toContain('/fresh-link/')
        expect(body).not.toMatch(/reader\d+@|agents|\/preferences\//)
      }
    }
    expect(await dumpLedger(site.app)).toBe(before)
    later(DAY_MS)
    const next = (await site.morning()).find((mail) => addressOf(mail) === ada.email)
    for (const kind of ['preferences', 'digest', 'feedback'])
      expect((await site.get(linkOf(next, kind))).status).toBe(200)
  })

  it('of a later generation than the ledger knows work: it was restored from a backup', async () => {
    const ada = await add()
    await logOut(ada.id)
    const link = (linkGeneration: number) => site.app.links.preferences({ id: ada.id, linkGeneration })
    const statuses = []
    for (const generation of [0, 1, 2]) statuses.push((await site.get(link(generation))).status)
    expect(statuses).toEqual([410, 200, 200])
  })

  it('to unsubscribe work forever: by page, by one click and by message', async () => {
    const { app } = site
    const subscribers = [await add(), await add(), await add()]
    const [page, click, mail] = subscribers.map(({ id }) => app.links.subscriber('unsubscribe', id))
    const byMail = app.links.unsubscribeByMail('leave@papers.example.org', subscribers[2]?.id ?? '')
    for (const { id } of subscribers) for (const _time of [1, 2]) await logOut(id)
    later(3 * 365 * DAY_MS)
    expect((await site.get(page ?? '')).status).toBe(200)
    expect((await site.post(page ?? '')).body).toContain('You are unsubscribed')
    expect((await site.post(click ?? '', { 'List-Unsubscribe': 'One-Click' })).status).toBe(200)
    expect((await site.get(mail ?? '')).status).toBe(200)
    const token = tokenInSubject(new URL(byMail).searchParams.get('subject') ?? '') ?? ''
    expect(await unsubscribeByToken(token, app.unsubscribing)).toMatchObject({ kind: 'left' })
    for (const { id } of subscribers) expect((await readSubscriber(app.ledger.db, id))?.state).toBe('unsubscribed')
    await site.sendTransactionals()
  })

  it('to confirm a new address end with the others: somebody else may have asked for them', async () => {
    const ada = await add()
    await site.post(await current(ada.id), { section: 'address', email: 'thief@example.org' })
    const asked = linkOf((await site.sendTransactionals())[0], 'address')
    await site.post(await current(ada.id), { section: 'address', email: 'thief2@example.org' })
    await logOut(ada.id)
    expect((await site.get(asked)).status).toBe(410)
    expect((await site.post(asked)).status).toBe(410)
    expect((await readSubscriber(site.app.ledger.db, ada.id))?.email).toBe(ada.email)
    expect(await site.sendTransactionals()).toEqual([]) // No second email is written.
  })

  it('to the preferences are on no page that a forwarded digest leads to, nor is an address', async () => {
    const ada = await add()
    later(DAY_MS)
    const digest = (await site.morning()).find((mail) => addressOf(mail) === ada.email)
    if (digest === undefined) throw new Error('no digest')
    const links = linksIn(digest).filter((link) => /\/(unsubscribe|digest|feedback)\//.test(link))
    const fresh = site.app.links.subscriber('fresh-link', ada.id)
    const unsubscribe = linkOf(digest, 'unsubscribe')
    const pages = []
    for (const link of [...links, fresh]) pages.push(await site.get(link))
    pages.push(await site.post(linkOf(digest, 'feedback')), await press(ada.id), await site.post(unsubscribe))
    pages.push(await site.get(unsubscribe), await site.post(unsubscribe, { reason: 'other' }))
    pages.push(await site.post(unsubscribe, { undo: '1' }), await site.post(unsubscribe, { undo: '1' }))
    for (const { status, body } of pages) {
      expect(status).toBeLessThan(300)
      expect(body).not.toContain('/preferences/')
      expect(body).not.toContain(ada.email)
    }
    await site.sendTransactionals()
  })

  it('are frozen when a digest is composed, so that its repeat has the same bytes', async () => {
    const ada = await add()
    await logOut(ada.id)
    later(DAY_MS)
    const mail = (await site.morning()).find((each) => addressOf(each) === ada.email)
    const { rows } = await site.app.ledger.pool.query(
      `select d.day, d.id, d.subscriber_id, d.address, d.selection,
          array(select p.id from unnest(d.paper_numbers) with ordinality as x(number, place) join papers p using (number) order by place) as paper_ids, p.key_id from deliveries d
        join parcels p on p.id = d.parcel_id where d.subscriber_id = $1 and d.selection is not null`,
      [ada.id],
    )
    const [{ day, id, subscriber_id, address, paper_ids, selection, key_id }] = rows
    await logOut(ada.id)
    const issue = await site.app.composer.open(day, false)
    const member = {
      deliveryId: id,
      subscriberId: subscriber_id,
      address,
      paperIds: paper_ids,
      selection: readSelection(selection, paper_ids),
      deferrals: 0,
    }
    const again = issue.digest(member, key_id)
    expect(again.html).toContain(linkOf(mail, 'preferences'))
    expect(linksIn({ ...(mail as ParsedMail), html: again.html, text: again.text, headerLines: [] })).toEqual(
      linksIn({ ...(mail as ParsedMail), headerLines: [] }),
    )
    expect((await site.get(linkOf(mail, 'preferences'))).status).toBe(410)
  })

  it('in a transactional email are those of its first claim: a repeat keeps them, a delayed one gets new ones', async () => {
    const { db } = site.app.ledger
    const ada = await add()
    const ids = ['00000000-0000-4000-8000-0000000000a1', '00000000-0000-4000-8000-0000000000a2'] as const
    await writeTransactionals(
      db,
      ids.map((id) => ({ id, kind: 'welcome', subscriberId: ada.id, address: ada.email })),
      site.clock.now,
    )
    const claim = async (id: string, worker: string) => {
      const order = { ...CLAIM_DEFAULTS, id, worker, transport: 'resend', at: site.clock.now }
      const times = { silentBefore: site.clock.now, staleBefore: site.clock.now }
      const claimed = await claimTransactional(db, { ...order, ...times }, () => null)
      return claimed.kind === 'claimed'
        ? [claimed.transactional.repeat, claimed.transactional.linkGeneration]
        : claimed.kind
    }
    expect(await claim(ids[0], 'one that dies')).toEqual([false, 0])
    await revokeLinks(db, ada.id, site.clock.now)
    expect(await claim(ids[0], 'another')).toEqual([true, 0])
    expect(await claim(ids[1], 'another')).toEqual([false, 1])
  })
})
