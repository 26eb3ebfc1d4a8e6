import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { ParsedMail } from 'mailparser'
import { ADDRESS_UNDO_DAYS } from '../../../../config/limits-subscriptions.ts'
import { checkAddress, DEFAULT_PREFERENCES } from '../../../../src/domain/subscriber.ts'
import { prune } from '../../../../src/ledger/maintenance/prune.ts'
import { createConfirmation } from '../../../../src/ledger/signups/confirmations.ts'
import { eraseSubscriber } from '../../../../src/ledger/subscribers/erase.ts'
import {
  addSubscribers,
  moveSubscriber,
  readSubscriber,
  suppress,
} from '../../../../src/ledger/subscribers/subscribers.ts'
import { QUICKEST } from '../../../support/app.ts'
import { DAY_MS, dumpLedger, linksIn, openSite, type TestSite } from '../../../support/web/site.ts'

describe('a former address', () => {
  let site: TestSite
  let names = 0
  const mails: ParsedMail[] = []
  beforeAll(async () => {
    site = await openSite({ shape: QUICKEST })
  })
  afterAll(() => site?.close())

  const add = async (state: 'active' | 'pending' = 'active', given?: string) => {
    names += 1
    const email = given ?? `reader${names}@example.org`
    const checked = checkAddress(email)
    if (!checked.ok) throw new Error(checked.reason)
    const { key: emailKey } = checked
    const consent = { by: 'operator' as const, note: 'a test', at: '' }
    const subscriber = { email, emailKey, addressHash: hashOf(email), state, preferences: DEFAULT_PREFERENCES, consent }
    const [added] = await addSubscribers(site.app.ledger.db, [subscriber], site.clock.now)
    if (added?.kind !== 'added') throw new Error('not added')
    return { id: added.id, email }
  }
  const hashOf = (email: string) => site.app.ledger.tokens.hashAddress(email)
  const later = (ms: number) => {
    site.clock.now = new Date(site.clock.now.getTime() + ms)
  }
  const read = (id: string) => readSubscriber(site.app.ledger.db, id)
  const preferencesOf = async (id: string) => {
    const subscriber = await read(id)
    return subscriber === null ? '' : site.app.links.preferences(subscriber)
  }
  const send = async () => {
    const sent = await site.sendTransactionals()
    mails.push(...sent)
    return sent
  }
  const to = (mail: ParsedMail) => [mail.to].flat()[0]?.text
  const linkIn = (sent: readonly ParsedMail[], kind: string) =>
    sent.flatMap(linksIn).find((link) => link.includes(`/${kind}/`)) ?? ''
  /** Changes the address like somebody with the link to the preferences. Returns the message to the former address. */
  const move = async (id: string, email: string): Promise<ParsedMail> => {
    await site.post(await preferencesOf(id), { section: 'address', email })
    expect((await site.post(linkIn(await send(), 'address'))).body).toContain('Your digest has moved')
    const [told] = await send()
    if (told === undefined) throw new Error('the former address was not told')
    later(DAY_MS) // A subscriber may ask three times a day.
    return told
  }
  const wasNotMe = (mail: ParsedMail) => linkIn([mail], 'restore-address')

  it('learns that the digest has moved, but never where to', async () => {
    const ada = await add('pending')
    const asked = { id: randomUUID(), transactionalId: randomUUID(), subscriberId: ada.id, email: ada.email }
    await createConfirmation(
      site.app.ledger.db,
      [{ ...asked, form: 'import', preferences: null, wording: null }],
      site.clock.now,
    )
    expect((await site.post(linkIn(await send(), 'confirm'))).body).toContain('You are subscribed')
    await send()
    mails.push(...(await site.morning()))
    const told = await move(ada.id, 'somewhere.else@example.org')
    expect(told.text).toMatch(/For 7\s+days\s+you/)
    const links = mails.filter((mail) => to(mail) === ada.email).flatMap(linksIn)
    for (const kind of ['confirm', 'preferences', 'digest', 'feedback', 'unsubscribe', 'restore-address'])
      expect([kind, links.some((link) => link.includes(`/${kind}/`))]).toEqual([kind, true])
    const before = await dumpLedger(site.app)
    for (const link of [...links, `${linkIn(mails, 'preferences')}/data`])
      expect((await site.get(link)).body).not.toContain('somewhere.else')
    expect(await dumpLedger(site.app)).toBe(before)
    expect(JSON.stringify(told)).not.toContain('somewhere.else')
    expect(linksIn(told).filter((link) => /\/(preferences|digest)\//.test(link))).toEqual([])
    const back = await site.post(wasNotMe(told))
    expect(back.body).not.toContain('somewhere.else')
  })

  it('restores the subscription by “This was not me”: links end, and the other address gets no more email', async () => {
    const ada = await add()
    const told = await move(ada.id, 'thief@example.org')
    const thiefs = await preferencesOf(ada.id)
    await site.post(thiefs, { section: 'address', email: 'thief2@example.org' })
    const asked = linkIn(await send(), 'address')
    await site.post(site.app.links.subscriber('fresh-link', ada.id)) // A message to the thief that is still queued.
    const before = await dumpLedger(site.app)
    const shown = await site.get(wasNotMe(told))
    expect([shown.status, shown.body.includes('Restore your address?')]).toEqual([200, true])
    expect((await site.get(wasNotMe(told), { method: 'HEAD' })).status).toBe(200)
    expect((await site.post(wasNotMe(told), {}, { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403)
    expect(await dumpLedger(site.app)).toBe(before)
    for (const _time of [1, 2]) {
      const back = await site.post(wasNotMe(told))
      expect([back.status, back.body.includes('Your address is restored')]).toEqual([200, true])
      expect(back.body).toContain('/fresh-link/')
    }
    expect(await read(ada.id)).toMatchObject({ email: ada.email, state: 'active' })
    expect([(await site.get(thiefs)).status, (await site.post(asked)).status]).toEqual([410, 410])
    later(DAY_MS)
    const sent = [...(await send()), ...(await site.morning())].map(to)
    expect(sent).toContain(ada.email)
    expect(sent.join()).not.toContain('thief')
  })

  it('restores it also when the thief has moved it twice and tried to restore it first', async () => {
    const ada = await add()
    const toldAda = await move(ada.id, 'b@example.org')
    const toldB = await move(ada.id, 'c@example.org')
    expect((await site.post(wasNotMe(toldB))).body).toContain('b@example.org')
    const toldB2 = await move(ada.id, 'd@example.org')
    expect((await site.post(wasNotMe(toldAda))).body).toContain(ada.email)
    for (const mail of [toldB, toldB2]) {
      expect((await site.get(wasNotMe(mail))).status).toBe(410)
      expect((await site.post(wasNotMe(mail))).status).toBe(410)
    }
    expect((await read(ada.id))?.email).toBe(ada.email)
  })

  it('of an earlier, intended move can still be restored after a later one was', async () => {
    const ada = await add()
    const toldAda = await move(ada.id, 'ada.new@example.org')
    const toldNew = await move(ada.id, 'thief3@example.org')
    await site.post(wasNotMe(toldNew))
    expect((await read(ada.id))?.email).toBe('ada.new@example.org')
    await site.post(wasNotMe(toldAda))
    expect((await read(ada.id))?.email).toBe(ada.email)
  })

  it('can be restored for seven days; then the page says what to do, and the address is deleted', async () => {
    const { db } = site.app.ledger
    const ada = await add()
    const told = await move(ada.id, 'ada.moved@example.org')
    const kept = () => db.selectFrom('former_addresses').select('email').where('subscriber_id', '=', ada.id).execute()
    const asked = () => db.selectFrom('address_changes').select('id').where('subscriber_id', '=', ada.id).execute()
    later((ADDRESS_UNDO_DAYS - 1) * DAY_MS - 1) // One day has passed since the change.
    await prune(db, site.clock.now, 100)
    expect([(await site.get(wasNotMe(told))).status, await kept()]).toEqual([200, [{ email: ada.email }]])
    const data = JSON.parse((await site.get(`${await preferencesOf(ada.id)}/data`)).body)
    expect(data).toMatchObject({ formerAddresses: [{ address: ada.email, ended: null }] })
    later(1)
    for (const method of ['GET', 'POST'] as const) {
      const late = await site.get(wasNotMe(told), { method })
      expect([late.status, /7 days.*reply to the email/s.test(late.body)]).toEqual([410, true])
      expect(late.body).not.toMatch(/@example\.org/)
    }
    expect((await read(ada.id))?.email).toBe('ada.moved@example.org')
    later(1)
    await prune(db, site.clock.now, 100)
    expect([await kept(), await asked()]).toEqual([[], []])
    expect((await site.post(wasNotMe(told))).status).toBe(410)
  })

  it('that has its own subscription by now, or is suppressed, is not restored', async () => {
    const { db } = site.app.ledger
    const [ada, bob, eve] = [await add(), await add(), await add()]
    const told = [await move(ada.id, 'a1@example.org'), await move(bob.id, 'b1@example.org')] as const
    const toldEve = await move(eve.id, 'e1@example.org')
    await add('active', ada.email)
    await suppress(db, hashOf(bob.email), 'complained', site.clock.now)
    await eraseSubscriber(db, eve.id, site.clock.now)
    const before = await dumpLedger(site.app)
    for (const mail of told) expect((await site.post(wasNotMe(mail))).status).toBe(409)
    expect((await site.post(wasNotMe(toldEve))).status).toBe(410)
    expect(await dumpLedger(site.app)).toBe(before)
    expect(before).not.toContain(eve.email)
  })

  it('can be restored despite an unconfirmed sign-up', async () => {
    const ada = await add()
    const told = await move(ada.id, 'thief4@example.org')
    const squatter = await add('pending', ada.email)
    expect((await site.post(wasNotMe(told))).body).toContain('Your address is restored')
    expect((await read(ada.id))?.email).toBe(ada.email)
    expect(await read(squatter.id)).toBeNull()
  })

  it('is restored as unsubscribed when the other address unsubscribed, was suppressed or subscribed again', async () => {
    const { db, pool } = site.app.ledger
    const [ada, bob, cleo] = [await add(), await add(), await add()]
    const told = []
    for (const [n, { id }] of [ada, bob, cleo].entries()) told.push(await move(id, `thief5${n}@example.org`))
    await moveSubscriber(db, ada.id, 'unsubscribed', site.clock.now, 'a test')
    await suppress(db, hashOf('thief51@example.org'), 'complained', site.clock.now)
    await pool.query(`update subscribers set state = 'pending' where id = $1`, [cleo.id])
    const confirmation = {
      id: randomUUID(),
      transactionalId: randomUUID(),
      subscriberId: cleo.id,
      email: 'thief52@example.org',
    }
    await createConfirmation(db, [{ ...confirmation, form: 'web', preferences: null, wording: null }], site.clock.now)
    const confirm = linkIn(await send(), 'confirm')
    for (const [n, { id, email }] of [ada, bob, cleo].entries()) {
      expect((await site.post(wasNotMe(told[n] as ParsedMail))).body).toContain('Subscribe again')
      expect(await read(id)).toMatchObject({ email, state: 'unsubscribed' })
    }
    await site.post(confirm)
    expect((await read(cleo.id))?.state).toBe('unsubscribed')
  })

  it('gets no email with a link to the preferences that was written before the move', async () => {
    const ada = await add()
    await site.post(await preferencesOf(ada.id), { section: 'address', email: 'ada.away@example.org' })
    const asked = linkIn(await send(), 'address')
    await site.post(site.app.links.subscriber('fresh-link', ada.id))
    await site.post(asked)
    expect((await send()).map((mail) => [to(mail), mail.subject])).toEqual([
      [ada.email, 'Your Paperround digest has moved'],
    ])
  })

  it('restored and unsubscribed at the same moment ends as one of the two, without an error', async () => {
    const ada = await add()
    const told = await move(ada.id, 'thief6@example.org')
    await site.post(await preferencesOf(ada.id), { section: 'address', email: 'thief7@example.org' })
    const asked = linkIn(await send(), 'address')
    const answers = await Promise.all([site.post(wasNotMe(told)), site.post(asked), site.post(wasNotMe(told))])
    for (const { status } of answers) expect(status).toBeLessThan(500)
    expect((await read(ada.id))?.email).toBe(ada.email)
  })
})
