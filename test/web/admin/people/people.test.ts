import { describe, expect, it } from '@jest/globals'
import { findSubscriber } from '../../../../src/ledger/subscribers/subscribers.ts'
import { addSubscribersFor } from '../../../support/app.ts'
import { DAY, deliveryStates, NOW, recordedActions, sendTo, setUpAdmin } from '../admin-test.ts'

const admin = setUpAdmin()
const found = async (query: string) =>
  [...(await admin.ada.get(`/admin/readers?${query}`)).body.matchAll(/readers\/\d+">([^<]+)</g)].map(
    (match) => match[1]?.split('@')[0],
  )
const change = (id: string | undefined, set: Readonly<Record<string, unknown>>) =>
  admin.app.ledger.db
    .updateTable('subscribers')
    .set(set)
    .where('id', '=', id ?? '')
    .execute()
const stateOf = async (id: string | undefined) =>
  (await admin.app.ledger.subscribers.readSubscriber(id ?? ''))?.state ?? 'erased'

describe('a search', () => {
  it('finds by each condition, and all conditions apply', async () => {
    const [ann, ben, cai] = await addSubscribersFor(admin.app, [
      { email: 'ann@one.org', interests: ['Graph 100% learning'], timezone: 'Asia/Tokyo' },
      { email: 'ben@one.org', frequency: 'weekly' },
      { email: 'cai@two.org', interests: ['speech'] },
    ])
    await change(ann, { created_at: new Date('2026-05-31T23:59:00Z') })
    await change(ben, { soft_bounces: 2 })
    await admin.ada.act(`/admin/readers/${cai}/suppress`, { reason: 'asked us' })
    await admin.app.ledger.db.updateTable('suppressions').set({ reason: 'bounced' }).execute()
    for (const [query, expected] of [
      ['interest=GRAPH', ['ann']],
      ['interest=100%25', ['ann']],
      ['interest=1_0', []],
      ['timezone=Asia/Tokyo', ['ann']],
      ['frequency=weekly', ['ben']],
      ['consent=A+TEST&state=active', ['ben', 'ann']],
      ['joined_from=2026-05-31&joined_to=2026-05-31', ['ann']],
      ['joined_from=2026-06-01', ['cai', 'ben']],
      ['bounced=yes', ['cai', 'ben']],
      ['bounced=yes&q=@one.org', ['ben']],
    ] as const)
      expect([query, await found(query)]).toEqual([query, expected])
  })

  it.each([
    ['state=gone', '“gone” is not known: use pending, active'],
    ['joined_from=1.6.2026', 'is not a day. Write it as YYYY-MM-DD'],
    ['joined_from=2026-06-02&joined_to=2026-06-01', 'The last day is before the first day'],
    ['edition=2026-06-01', 'An edition and its result belong together'],
    ['segment=99', 'There is no such segment'],
  ])('that is faulty, such as %s, finds nobody, since without the condition more would match', async (query, words) => {
    await addSubscribersFor(admin.app, [{ email: 'ann@one.org' }])
    const answer = await admin.ada.get(`/admin/readers?${query}`)
    expect([answer.status, answer.body.includes(words), answer.body.includes('ann@one.org')]).toEqual([
      422,
      true,
      false,
    ])
    expect((await admin.ada.get(`/admin/readers/bulk?${query}`)).status).toBe(400)
  })

  it('is saved as a segment, which is exported, replaced and deleted, and names no person', async () => {
    await addSubscribersFor(admin.app, [{ email: 'ann@one.org' }, { email: 'ben@two.org' }])
    const segment = { name: 'One', q: '@one.org' }
    expect(await admin.ada.act('/admin/segments', segment)).toContain('Segment saved')
    const [saved] = await admin.app.ledger.segments.listSegments()
    expect(await found(`segment=${saved?.id}`)).toEqual(['ann'])
    expect(await admin.bob.act('/admin/segments', { name: 'ONE', q: '@two.org' })).toContain('has the new search now')
    expect(await found(`segment=${saved?.id}`)).toEqual(['ben'])
    const csv = (await admin.ada.post('/admin/readers/export', { q: '@two.org' })).body.trim().split('\n')
    expect(csv.map((line) => line.split(',')[0])).toEqual(['email', 'ben@two.org'])
    for (const wrong of [{ name: 'Ann', q: 'ann@one' }, { name: 'ann@one.org', q: '@one.org' }, { name: ' ' }])
      expect((await admin.ada.post('/admin/segments', wrong)).status).toBe(422)
    expect(await admin.ada.act(`/admin/segments/${saved?.id}/delete`)).toContain('still on the list')
    expect(await admin.bob.act(`/admin/segments/${saved?.id}/delete`)).toContain('has already deleted')
    expect(await recordedActions(admin)).toEqual([
      'segment.deleted',
      'subscribers.exported',
      'segment.saved',
      'segment.saved',
    ])
  })
})

describe('the deliveries behind a number', () => {
  it('are listed in pages, with the words for each, and lead to their subscribers', async () => {
    await sendTo(admin, 60, [...Array.from({ length: 57 }, () => 'refused' as const), 'skipped', 'uncertain', 'sent'])
    const page = async (path: string) => (await admin.ada.get(path)).body
    const first = await page(`/admin/deliveries?day=${DAY}&state=refused`)
    const next = /href="(\/admin\/deliveries\?[^"]*after=[^"]+)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const second = await page(next)
    expect([first, second].map((body) => body.match(/it was refused/g)?.length)).toEqual([50, 7])
    expect(first).toContain('57 rejected')
    expect(second).not.toContain('after=')
    for (const [query, words] of [
      ['state=skipped&reason=it+was+skipped', 'it was skipped'],
      ['state=skipped&reason=another', 'None are listed'],
      ['state=uncertain', 'Mark unconfirmed as sent'],
      ['state=accepted', '1 sent'],
    ] as const)
      expect([query, (await page(`/admin/deliveries?day=${DAY}&${query}`)).includes(words)]).toEqual([query, true])
    for (const query of ['state=refused', `day=${DAY}&state=all`, 'day=2020-01-01&state=refused'])
      expect((await admin.ada.get(`/admin/deliveries?${query}`)).status).toBe(404)
    expect((await found(`edition=${DAY}&outcome=uncertain`)).length).toBe(1)
  })

  it('are sent again one by one: rejected ones at once, unconfirmed ones after the warning, and only who may be mailed', async () => {
    const [refused, gone, uncertain, other] = await sendTo(admin, 4, ['refused', 'refused', 'uncertain', 'uncertain'])
    await admin.ada.post(`/admin/readers/${gone}/unsubscribe`, { seen: 'active', reason: 'they asked by mail' })
    const states = () => deliveryStates(admin)
    const list = async (state: string) => (await admin.ada.get(`/admin/deliveries?day=${DAY}&state=${state}`)).body
    expect((await list('refused')).match(/name="subscriber" value="(\d+)"/g)).toEqual([
      `name="subscriber" value="${refused}"`,
    ])
    const one = (subscriber = '', period: string = DAY) => ({ day: DAY, subscriber, period })
    for (const faulty of [one(''), one(refused, ''), one('0'), one(refused, "x' or")])
      expect((await admin.ada.post('/admin/retry-refused', faulty)).status).toBe(400)
    for (const [id, words] of [
      [gone, 'Nothing to send again'],
      [uncertain, 'Nothing to send again'],
      [refused, 'Queued again: 1 rejected delivery.'],
      [refused, 'Nothing to send again'],
    ] as const)
      expect([id, await admin.ada.act('/admin/retry-refused', one(id))]).toEqual([id, expect.stringContaining(words)])
    expect(await states()).toEqual(['queued', 'refused', 'uncertain', 'uncertain'])
    const link = /href="(\/admin\/confirm\/resend\?[^"]*subscriber=[^"]*)"/.exec(await list('uncertain'))?.[1] ?? ''
    const question = (await admin.ada.get(link.replaceAll('&amp;', '&'))).body
    expect(question).toContain(`subscriber ${uncertain}: 1 digest may or may not have arrived`)
    expect(question).toContain('Subscribers who already have one get it twice')
    const answer = await admin.bob.post('/admin/uncertain-resend', { ...one(uncertain), seen: 'running' })
    expect(answer.location).toBe(`/admin/deliveries?day=${DAY}&state=uncertain`)
    expect(await states()).toEqual(['queued', 'refused', 'queued', 'uncertain'])
    const actions = ['deliveries.uncertain-resent', 'deliveries.refused-retried', 'subscriber.unsubscribed']
    expect(await recordedActions(admin)).toEqual(actions)
    await admin.ada.post('/admin/cancel', { day: DAY, seen: 'running' })
    expect(await list('uncertain')).not.toContain(`subscriber=${other}`)
  })
})

describe('one subscriber', () => {
  const act = async (id: string | undefined, name: string, fields: Record<string, string> = {}) => {
    const page = await admin.ada.act(`/admin/readers/${id}/${name}`, { reason: 'asked by phone', ...fields })
    return /class="message[^>]* role="(?:status|alert)">([^<]+)</.exec(page)?.[1] ?? ''
  }

  it('is paused, resumed, unsubscribed, subscribed again, suppressed and released, each from the state that was seen', async () => {
    const [id] = await addSubscribersFor(admin.app, [{ email: 'ann@one.org' }])
    for (const [name, fields, words, state] of [
      ['pause', { seen: 'active', until: '2026-11-24' }, 'must end after today', 'active'],
      ['pause', { seen: 'active', until: '2026-12-24' }, 'paused', 'paused'],
      ['pause', { seen: 'active' }, 'Nothing was changed', 'paused'],
      ['resume', { seen: 'paused' }, 'resumed', 'active'],
      ['lift', {}, 'Nothing was changed', 'active'],
      ['unsubscribe', { seen: 'active' }, 'unsubscribed', 'unsubscribed'],
      ['pause', { seen: 'unsubscribed' }, 'Nothing was changed', 'unsubscribed'],
      ['resume', { seen: 'unsubscribed' }, 'Nothing was changed', 'unsubscribed'],
      ['resubscribe', { reason: 'their mail of today' }, 'Subscribed again', 'active'],
      ['suppress', {}, 'suppressed', 'suppressed'],
      ['unsubscribe', { seen: 'suppressed' }, 'Nothing was changed', 'suppressed'],
      ['resubscribe', {}, 'Nothing was changed', 'suppressed'],
      ['lift', {}, 'gets no mail before they subscribe again', 'unsubscribed'],
    ] as const) {
      expect([name, await act(id, name, fields)]).toEqual([name, expect.stringContaining(words)])
      expect([name, await stateOf(id)]).toEqual([name, state])
    }
    const page = (await admin.ada.get(`/admin/readers/${id}`)).body
    expect(page).toContain('their mail of today (by the operator, 2026-11-24)')
    const events = (await admin.ada.get(`/admin/readers/${id}/history?of=events`)).body
    expect(events).toContain('until 2026-12-24 · asked by phone · by an operator')
    for (const which of ['deliveries', 'mails', 'consents', 'actions'])
      expect((await admin.ada.get(`/admin/readers/${id}/history?of=${which}`)).status).toBe(200)
    expect((await admin.ada.get(`/admin/readers/${id}/history?of=toString`)).status).toBe(404)
  })

  it('who waits for a confirmation gets it again, also at a corrected address, but not twice in a row', async () => {
    const fields = { email: 'typo@one.org', consent: 'the fair', confirm: 'yes', interests: 'speech' }
    expect(await admin.ada.act('/admin/readers', fields)).toContain('A confirmation mail is on its way')
    const subscriber = await findSubscriber(admin.app.ledger.db, 'typo@one.org')
    const id = subscriber?.id
    expect(subscriber).toMatchObject({ state: 'pending', interests: ['speech'] })
    expect(await act(id, 'confirm')).toContain('they got one within 10 minutes')
    expect(await act(id, 'address', { email: 'right@one.org', how: 'now' })).toContain('Address changed')
    const mails = await admin.app.ledger.db
      .selectFrom('transactional_emails as t')
      .leftJoin('confirmations as c', 'c.id', 't.confirmation_id')
      .select(['t.kind', 't.address', 'c.used_at'])
      .where('t.subscriber_id', '=', id ?? '')
      .orderBy('t.address')
      .execute()
    expect(mails).toEqual([
      { kind: 'confirm', address: 'right@one.org', used_at: null },
      { kind: 'confirm', address: 'typo@one.org', used_at: NOW },
    ])
    expect(await act(id, 'link')).toContain('No mail was sent')
  })

  it('is not moved to an address that is taken, suppressed or not theirs to change', async () => {
    const [id, other] = await addSubscribersFor(admin.app, [{ email: 'ann@one.org' }, { email: 'ben@one.org' }])
    await admin.ada.act('/admin/suppressions/add', { email: 'never@one.org', reason: 'asked us' })
    for (const how of ['now', 'confirm'])
      for (const email of ['ben@one.org', 'never@one.org', 'ANN@one.org', 'nobody'])
        expect([how, email, await act(id, 'address', { email, how })]).toEqual([
          how,
          email,
          expect.stringMatching(/^(Nothing was changed|No mail was sent): /),
        ])
    expect(await act(other, 'address', { email: 'bea@one.org', how: 'confirm' })).toContain('gets a mail now')
    expect((await admin.app.ledger.subscribers.readSubscriber(other ?? ''))?.email).toBe('ben@one.org')
    await admin.ada.act(`/admin/readers/${id}/suppress`, { reason: 'complained' })
    expect(await act(id, 'address', { email: 'free@one.org', how: 'now' })).toContain('is suppressed')
  })
})
