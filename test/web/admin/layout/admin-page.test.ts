import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { day } from '../../../../src/domain/day.ts'
import type { DeliveryState } from '../../../../src/domain/delivery.ts'
import { pauseTransport } from '../../../../src/ledger/dispatch/open-work.ts'
import { readEdition, saveEdition } from '../../../../src/ledger/editions/editions.ts'
import { readActions } from '../../../../src/ledger/operators/audit.ts'
import { readGrowth } from '../../../../src/ledger/reports/figures.ts'
import { readProgress } from '../../../../src/ledger/reports/progress.ts'
import { readSendStatus } from '../../../../src/ledger/reports/send-status.ts'
import type { PauseKind } from '../../../../src/mail/outcome.ts'
import { checkAlertsOnce } from '../../../../workers/alerts.ts'
import type { App } from '../../../../workers/app/app.ts'
import {
  addSubscribersFor,
  openInstallation,
  openTestApp,
  QUICKEST,
  type TestInstallation,
} from '../../../support/app.ts'
import { emptyTables } from '../../../support/databases/empty-tables.ts'
import { paperOf } from '../../../support/papers.ts'
import { type AdminSite, openAdminSite, PASSWORD_HASH, type TestOperator } from '../../../support/web/admin.ts'

const DAY = day('2026-11-24')
const NOW = new Date('2026-11-24T09:00:00Z')
let place: TestInstallation
let app: App
let desk: AdminSite
let ada: TestOperator
let bob: TestOperator
beforeAll(async () => {
  place = await openInstallation(QUICKEST, { adminPassword: PASSWORD_HASH })
  app = await openTestApp(place, () => NOW)
  desk = await openAdminSite(app)
  ada = desk.operator()
  bob = desk.operator()
  await ada.login()
  await bob.login()
})
afterAll(async () => {
  await desk.close()
  await app.close()
  await place.close()
})
beforeEach(async () => {
  await emptyTables(
    app.ledger.pool,
    'deliveries, parcels, edition_papers, signals, editions, papers, subscribers, suppressions, events, operator_actions',
  )
  await publishPapers()
})

async function publishPapers(caution = { needsApproval: false, canaryPercent: 0 }): Promise<void> {
  const entries = [1, 2, 3, 4].map((rank) => ({
    rank,
    score: 10 - rank,
    why: `${50 - rank} votes`,
    paper: paperOf(`2611.0000${rank}`),
    signals: { upvotes: 50 - rank, comments: 0, stars: null },
  }))
  const draft = { day: DAY, state: 'published', reason: null, incomplete: null, reports: [] } as const
  await saveEdition(app.ledger.db, { ...draft, votesAt: NOW, publishedAt: NOW, entries }, caution)
}

/** Dispatches to this many readers and says what became of their deliveries. */
async function sendTo(subscribers: number, states: readonly DeliveryState[] = []): Promise<string[]> {
  const ids = await addSubscribersFor(
    app,
    Array.from({ length: subscribers }, (_, n) => ({ email: `r${n}@example.org` })),
  )
  await app.dispatch(DAY, { kind: 'everyone' }, { waitForWindow: false })
  for (const [index, state] of states.entries())
    await app.ledger.db
      .updateTable('deliveries')
      .set({ state, settled_at: NOW, reason: state === 'sent' ? null : `it was ${state}` })
      .where('subscriber_id', '=', ids[index] ?? '')
      .execute()
  return ids
}

const pauseOutbox = (kind: PauseKind) =>
  pauseTransport(app.ledger.db, {
    transport: 'outbox',
    kind,
    until: new Date(NOW.getTime() + 60_000),
    reason: 'the outbox says no.',
    at: new Date(NOW.getTime() - 30 * 60_000),
  })

const rank = async () =>
  (await readEdition(app.ledger.db, DAY))?.entries.map(({ paper }) => paper.id.slice(-1)).join('')
const actions = async () => (await readActions(app.ledger.db, { limit: 50 })).map((act) => act.action)
const states = async () => {
  const rows = await app.ledger.db.selectFrom('deliveries').select('state').orderBy('id').execute()
  return rows.map((row) => row.state)
}

describe('the round', () => {
  it('shows the accounting line, and an alarm as soon as it does not add up', async () => {
    await sendTo(5, ['sent', 'delivered', 'skipped', 'refused'])
    const page = (await ada.get('/admin')).body
    expect(page).toContain('adds up')
    expect(page).toMatch(/data-term="candidates">5<.*data-term="sent">2<.*data-term="queued">1</)
    expect(page).toContain('1 it was skipped')
    const unaccounted = async () =>
      (await readProgress(app.ledger.db, NOW, new Date('2026-11-22T09:00:00Z'))).unaccounted
    const alerts = async () => {
      await checkAlertsOnce(app)
      const { rows } = await sql<{ name: string }>`select name from settings where name like 'alarm %'`.execute(
        app.ledger.db,
      )
      return rows.map(({ name }) => name)
    }
    expect([await unaccounted(), await alerts()]).toEqual([0, []])
    await app.ledger.db.deleteFrom('deliveries').where('state', '=', 'queued').execute()
    expect((await ada.get('/admin')).body).toContain('does not add up')
    expect([await unaccounted(), await alerts()]).toEqual([1, [`alarm ${DAY} miscounted`]])
  })

  it('draws how the list grew, day by day', async () => {
    const ids = await sendTo(4)
    const came = (id: string, at: string) =>
      app.ledger.db
        .updateTable('subscribers')
        .set({ created_at: new Date(at) })
        .where('id', '=', id)
        .execute()
    await came(ids[0] ?? '', '2026-01-01T00:00:00Z')
    await came(ids[1] ?? '', '2026-11-22T23:59:59Z')
    const growth = await readGrowth(app.ledger.db, DAY, 4)
    expect(growth.map(({ day: of, total }) => [of, total])).toEqual([
      ['2026-11-21', 1],
      ['2026-11-22', 2],
      ['2026-11-23', 2],
      ['2026-11-24', 4],
    ])
  })

  it('says so when there is no edition, and when nothing was ever made', async () => {
    expect((await ada.get('/admin?day=2020-01-01')).body).toContain('There is no edition of 2020-01-01 yet')
    expect((await ada.get('/admin?day=nonsense')).status).toBe(200)
  })

  it.each([
    ['/admin/pause', {}, 'It is paused', 'edition.paused'],
    ['/admin/cancel', {}, 'cancelled for good', 'edition.cancelled'],
    ['/admin/retry-refused', {}, '1 that were refused are queued again', 'deliveries.refused-retried'],
    ['/admin/uncertain-sent', {}, '1 that were uncertain are taken for sent', 'deliveries.uncertain-sent'],
    ['/admin/uncertain-resend', {}, '1 that were uncertain are queued again', 'deliveries.uncertain-resent'],
  ])('%s does it once, and tells the second operator who was first', async (path, fields, words, action) => {
    await sendTo(3, ['sent', 'refused', 'uncertain'])
    const form = { day: DAY, seen: 'running', ...fields }
    const [first, second] = await Promise.all([ada.post(path, form), bob.post(path, form)])
    expect([first.status, second.status]).toEqual([303, 303])
    const pages = [(await ada.get(first.location)).body, (await bob.get(second.location)).body]
    expect(pages.filter((page) => page.includes(words))).toHaveLength(1)
    expect(pages.filter((page) => /by another|somebody else/.test(page))).toHaveLength(1)
    expect(await actions()).toEqual([action])
    expect(await readSendStatus(app.ledger.db, DAY, NOW)).toMatchObject({ addsUp: true })
  })

  it('pauses, goes on, and lets held transports go', async () => {
    await sendTo(1)
    expect(await ada.act('/admin/pause', { day: DAY, seen: 'running' })).toContain('It is paused')
    await pauseOutbox('quota')
    expect((await ada.get('/admin')).body).toContain('outbox is paused since 08:30 UTC')
    expect(await ada.act('/admin/resume', { day: DAY, seen: 'paused' })).toContain('It goes on')
    expect((await readSendStatus(app.ledger.db, DAY, NOW))?.holds).toEqual([])
  })

  it('says what waits and why, and tries a paused transport again for whoever is first', async () => {
    await sendTo(3)
    await pauseOutbox('sender')
    const page = (await ada.get('/admin')).body
    expect(page).toMatch(
      /delayed.*What waits, and why.*rejects us.*outbox is paused since 08:30 UTC\..*<blockquote>the outbox says no<.*3 digests wait/,
    )
    expect(page).toContain('run <code>paperround resume</code>')
    expect(await ada.act('/admin/open-transports', { day: DAY })).toContain('tried again now')
    expect(await bob.act('/admin/open-transports', { day: DAY })).toContain('No transport is paused any more')
    expect(await actions()).toEqual(['transports.opened'])
    const after = (await ada.get('/admin')).body
    expect(after).not.toContain('What waits, and why')
    expect(after).not.toContain('Try paused transports now')
  })

  it('asks twice before it cancels or sends a second copy', async () => {
    await sendTo(2, ['sent', 'uncertain'])
    expect((await ada.get(`/admin/confirm/cancel?day=${DAY}`)).body).toContain('This cannot be taken back')
    expect((await ada.get(`/admin/confirm/resend?day=${DAY}`)).body).toContain('1 digests may have come or not')
    expect(await states()).toEqual(['sent', 'uncertain'])
  })

  it('sends nothing again to readers who have left, and nothing of a cancelled edition', async () => {
    const [first, second] = await sendTo(2, ['refused', 'refused'])
    await ada.post(`/admin/readers/${first}/unsubscribe`, { seen: 'active', reason: 'they asked by mail' })
    expect(await ada.act('/admin/retry-refused', { day: DAY })).toContain('1 that were refused')
    expect(await states()).toEqual(['refused', 'queued'])
    await app.ledger.db
      .updateTable('deliveries')
      .set({ state: 'refused' })
      .where('subscriber_id', '=', second ?? '')
      .execute()
    await ada.post('/admin/cancel', { day: DAY, seen: 'running' })
    expect(await ada.act('/admin/retry-refused', { day: DAY })).toContain('Nothing to send again')
  })
})

describe('the editor', () => {
  const wishes = (over: Record<string, string> = {}) => ({
    revision: '1',
    ...Object.fromEntries([1, 2, 3, 4].map((place) => [`place.${place}`, String(place)])),
    ...over,
  })
  const path = `/admin/editions/${DAY}`

  it('pins, drops and moves papers with a reason each, as a new revision', async () => {
    expect((await ada.get(path)).body).toContain('Save as revision 2')
    const page = await ada.act(
      path,
      wishes({ 'pin.4': 'on', 'reason.4': 'our own', 'drop.2': 'on', 'reason.2': 'withdrawn' }),
    )
    expect(page).toContain('Saved as revision 2')
    expect(await rank()).toBe('413')
    expect((await readEdition(app.ledger.db, DAY))?.entries[0]?.why).toBe('Editor’s choice · 46 votes')
    const [act] = await readActions(app.ledger.db, { limit: 1 })
    expect(act?.after).toMatchObject({
      revision: 2,
      changes: [
        { from: 2, to: null },
        { from: 4, to: 1, pinned: true },
      ],
    })
    await ada.act(path, { revision: '2', 'place.1': '1', 'place.2': '3', 'reason.2': 'a weak one', 'place.3': '3' })
    expect(await rank()).toBe('431')
  })

  it.each([
    [{ 'drop.1': 'on' }, 'Please give a reason'],
    [{ 'place.1': '9', 'reason.1': 'because' }, 'The place is a number from 1 to 4'],
    [{ 'pin.1': 'on', 'drop.1': 'on', 'reason.1': 'because' }, 'pinned or dropped, not both'],
    [{ 'drop.1': 'on', 'reason.1': 'asked by ann@example.org' }, 'leave addresses out'],
    [
      Object.fromEntries(
        [1, 2, 3, 4].flatMap((n) => [
          [`drop.${n}`, 'on'],
          [`reason.${n}`, 'all bad'],
        ]),
      ),
      'one paper at least',
    ],
  ] as [Record<string, string>, string][])(
    'keeps what was typed and changes nothing when it is faulty: %j',
    async (over, words) => {
      await ada.get(path)
      const answer = await ada.post(path, wishes(over))
      expect([answer.status, answer.body.includes(words)]).toEqual([422, true])
      expect(await rank()).toBe('1234')
    },
  )

  it('lets one of two operators save', async () => {
    const fields = wishes({ 'drop.1': 'on', 'reason.1': 'withdrawn' })
    const [first, second] = await Promise.all([ada.post(path, fields), bob.post(path, fields)])
    const pages = [(await ada.get(first.location)).body, (await bob.get(second.location)).body]
    expect(pages.filter((page) => page.includes('Saved as revision 2'))).toHaveLength(1)
    expect(pages.filter((page) => page.includes('It was done already by another: edition.revised'))).toHaveLength(1)
    expect(await rank()).toBe('234')
  })

  it('is closed once the edition has gone out to anybody', async () => {
    await sendTo(1)
    expect((await ada.get(path)).body).toContain('stand as they are')
    expect(await ada.act(path, wishes({ 'drop.1': 'on', 'reason.1': 'too late' }))).toContain('Nothing was changed')
    expect(await rank()).toBe('1234')
  })

  it('keeps its work when the day is published again', async () => {
    await ada.act(path, wishes({ 'drop.1': 'on', 'reason.1': 'withdrawn' }))
    await publishPapers()
    expect(await rank()).toBe('234')
  })
})

describe('readers', () => {
  it('are found by the beginning of the address, by domain and by state, a page at a time', async () => {
    await addSubscribersFor(app, [
      { email: 'ann@one.example' },
      { email: 'a_n@two.example' },
      { email: 'Ben@one.example' },
    ])
    const found = async (query: string) =>
      [...(await ada.get(`/admin/readers?${query}`)).body.matchAll(/readers\/\d+">([^<]+)</g)].map((match) => match[1])
    expect(await found('q=AN')).toEqual(['ann@one.example'])
    expect(await found('q=a_')).toEqual(['a_n@two.example'])
    expect(await found('q=%40one.example')).toEqual(['Ben@one.example', 'ann@one.example'])
    expect(await found('q=%25')).toEqual([])
    expect(await found('q=an%00n')).toEqual(['ann@one.example'])
    expect(await found('state=suppressed')).toEqual([])
    expect(await found('q=ann%27%20or%20true--')).toEqual([])
  })

  it('are added with a word of consent, once', async () => {
    const fields = { email: 'cai@example.org', consent: 'wrote to us', interests: 'agents;speech' }
    expect(await ada.act('/admin/readers', fields)).toContain('The reader is added')
    expect(await ada.act('/admin/readers', fields)).toContain('on the list already')
    expect(await ada.act('/admin/readers', { ...fields, email: 'x@y' })).toContain('Nobody was added')
    expect(await ada.act('/admin/readers', { email: 'dee@example.org' })).toContain('say where they agreed')
  })

  it('are unsubscribed, suppressed and erased with a reason, by the first of two operators', async () => {
    const [id] = await addSubscribersFor(app, [{ email: 'eve@example.org' }])
    expect(await ada.act(`/admin/readers/${id}/unsubscribe`, { seen: 'active', reason: '' })).toContain('give a reason')
    expect(await ada.act(`/admin/readers/${id}/unsubscribe`, { seen: 'active', reason: 'by phone' })).toContain(
      'is unsubscribed',
    )
    expect(await bob.act(`/admin/readers/${id}/unsubscribe`, { seen: 'active', reason: 'by phone' })).toContain(
      'done already by another',
    )
    expect(await ada.act(`/admin/readers/${id}/suppress`, { reason: 'angry' })).toContain('The address is suppressed')
    expect(await bob.act(`/admin/readers/${id}/suppress`, { reason: 'angry' })).toContain('done already by another')
    expect(await ada.act(`/admin/readers/${id}/erase`, { reason: 'Art. 17' })).toContain(`Reader ${id} is erased`)
    expect((await bob.post(`/admin/readers/${id}/erase`, { reason: 'Art. 17' })).location).toBe('/admin/readers')
    expect(await actions()).toEqual(['subscriber.erased', 'suppression.added', 'subscriber.unsubscribed'])
    expect(JSON.stringify(await readActions(app.ledger.db, { limit: 50 }))).not.toContain('eve@')
  })

  it('show their history', async () => {
    const [id] = await sendTo(1, ['refused'])
    const page = (await ada.get(`/admin/readers/${id}`)).body
    expect(page).toContain('it was refused')
    expect((await ada.get('/admin/readers/999')).status).toBe(404)
    expect((await ada.get('/admin/readers/1%20or%201')).status).toBe(404)
  })

  it('are imported after a dry run, by paste or by upload, and nobody twice', async () => {
    await addSubscribersFor(app, [{ email: 'known@example.org' }])
    await ada.act('/admin/suppressions/add', { email: 'never@example.org', reason: 'asked us' })
    await ada.get('/admin/readers/import')
    const csv =
      'email,hour\nnew@example.org,7\nnew@example.org,7\nknown@example.org,8\nnever@example.org,8\nbad@,8\nlate@example.org,99\n'
    const send = (what: string, file: boolean) => {
      const form = new FormData()
      for (const [name, value] of Object.entries({ csrf: ada.csrf(), note: 'the fair', do: what }))
        form.set(name, value)
      if (file) form.set('file', new Blob([csv], { type: 'text/csv' }), 'readers.csv')
      else form.set('csv', csv)
      return ada.postRaw('/admin/readers/import', form)
    }
    for (const file of [true, false]) {
      const dry = await send('check', file)
      expect(dry.body).toContain(
        'Nothing was changed yet: 1 would be added, 2 are known already, 1 are suppressed, 2 lines are bad',
      )
    }
    expect((await ada.get('/admin/readers?q=new')).body).toContain('No reader is like that')
    expect((await send('add', true)).body).toContain('1 were added')
    expect((await send('add', true)).body).toContain('0 were added')
    expect(await actions()).toContain('subscribers.imported')
  })

  it.each([
    ['', 422, 'Choose a file'],
    ['name\nx', 422, 'The list has no column “email”. The first line must name the columns'],
    ['email,shoe size\na@x.org,9', 422, 'columns that are not known: shoe size'],
    ['email\na@x.org', 422, 'add a column “consent”, or fill in “Where they agreed”'],
    ['email,consent\n"a@x.org', 200, 'a quotation mark opens here and is never closed'],
    ["email,consent,muted\na@x.org,'=form,graphs;b", 200, '1 would be added, 0 are known already'],
  ])('are read from %j as the command line reads them', async (csv, status, words) => {
    await ada.get('/admin/readers/import')
    const form = new FormData()
    form.set('csrf', ada.csrf())
    form.set('csv', csv)
    form.set('do', 'check')
    const answer = await ada.postRaw('/admin/readers/import', form)
    expect([answer.status, answer.body.includes(words)]).toEqual([status, true])
  })

  it('are imported from the export of another program, whose states are honoured', async () => {
    await addSubscribersFor(app, [{ email: 'ben@example.org' }])
    await ada.get('/admin/readers/import')
    const csv =
      'first_name,email,created_at,status\nA,ann@example.org,2024-01-15,active\nB,ben@example.org,2024-01-15,bounced\nC,cleo@example.org,2024-01-15,inactive\n'
    const send = (what: string) => {
      const form = new FormData()
      for (const [name, value] of Object.entries({ csrf: ada.csrf(), csv, do: what })) form.set(name, value)
      return ada.postRaw('/admin/readers/import', form)
    }
    for (const what of ['check', 'add']) {
      const { body } = await send(what)
      const text = body.replace(/<!-- -->/g, '').replace(/\s+/g, ' ')
      expect(text).toContain('This is an export of Kit')
      expect(text).toContain('1 must get no mail (1 of them had a subscription here), and 1 were left out')
    }
    const { rows } = await app.ledger.pool.query('select email, state from subscribers order by email')
    expect(rows).toEqual([
      { email: 'ann@example.org', state: 'active' },
      { email: 'ben@example.org', state: 'suppressed' },
    ])
  })

  it('are exported without a formula that a spreadsheet would run', async () => {
    await addSubscribersFor(app, [{ email: 'ann@example.org', interests: ['=HYPERLINK("x")'] }])
    const answer = await ada.post('/admin/readers/export')
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="readers-2026-11-24.csv"')
    expect(answer.body.split('\n')[1]).toMatch(/^ann@example.org,active,"'=HYPERLINK/)
    expect(await actions()).toEqual(['subscribers.exported'])
  })
})

describe('suppressions', () => {
  it('are added and lifted with a reason; whoever is lifted must opt in again', async () => {
    const [id] = await addSubscribersFor(app, [{ email: 'fay@example.org' }])
    const form = { email: 'fay@example.org', reason: 'hard bounces' }
    expect(await ada.act('/admin/suppressions/add', form)).toContain('The address is suppressed')
    expect(await bob.act('/admin/suppressions/add', form)).toContain('suppressed it already')
    expect((await ada.get('/admin/suppressions')).body).toContain('fay@example.org')
    expect(await ada.act('/admin/suppressions/lift', { ...form, reason: 'mailbox is back' })).toContain('is lifted')
    expect(await bob.act('/admin/suppressions/lift', form)).toContain('another has lifted it already')
    expect((await ada.get(`/admin/readers/${id}`)).body).toMatch(/unsubscribed<\/span>/)
  })
})

describe('long lists', () => {
  it('of suppressions that came at one moment are shown whole, a page at a time', async () => {
    const hashes = Array.from({ length: 120 }, (_, n) => n.toString(16).padStart(64, '0'))
    await app.ledger.db
      .insertInto('suppressions')
      .values(hashes.map((hash) => ({ address_hash: hash, reason: 'bounced', note: null, created_at: NOW })))
      .execute()
    let pages = 0
    const rows: string[] = []
    for (let path: string | undefined = '/admin/suppressions'; path !== undefined; pages += 1) {
      const { body } = await ada.get(path)
      rows.push(...[...body.matchAll(/<td><code>([0-9a-f]{12})</g)].map((match) => match[1] ?? ''))
      path = /href="(\/admin\/suppressions\?after=[^"]+)"/.exec(body)?.[1]
    }
    expect([pages, rows.length]).toEqual([3, 120])
  })

  it('of readers end where the list ends', async () => {
    await addSubscribersFor(
      app,
      Array.from({ length: 70 }, (_, n) => ({ email: `p${n}@example.org` })),
    )
    const first = (await ada.get('/admin/readers?q=p')).body
    const next = /href="(\/admin\/readers\?q=p[^"]*before=\d+)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const second = (await ada.get(next)).body
    expect([first, second].map((body) => body.match(/readers\/\d+">/g)?.length)).toEqual([50, 20])
    expect(second).not.toContain('Earlier readers')
  })
})

describe('every page', () => {
  it.each([
    '/admin',
    '/admin/editions',
    `/admin/editions/${DAY}`,
    '/admin/readers',
    '/admin/readers/import',
    '/admin/suppressions',
    '/admin/queues',
    '/admin/record',
    '/admin/sessions',
  ])('%s is private, has one h1, and nothing inline', async (path) => {
    await sendTo(3, ['sent', 'complained'])
    const { status, body, headers } = await ada.get(path)
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(body.match(/<h1/g)).toHaveLength(1)
    expect(body).not.toMatch(/ style="|<style| on\w+="|<script(?! src)/)
  })

  it('of the record names who did what, from where, on the pages and on the command line', async () => {
    await ada.act('/admin/pause', { day: DAY, seen: 'running' })
    const { body } = await ada.get('/admin/record')
    expect(body).toContain('edition.paused')
    expect(body).toContain('{sending:running} → {sending:paused}')
    expect(body).toContain('127.0.0.1')
  })
})
