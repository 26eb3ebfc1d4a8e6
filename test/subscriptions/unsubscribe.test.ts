import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import { UNSUBSCRIBE_ANSWER_MS_MAX } from '../../config/limits.ts'
import { addDays, type Day, day, dayIn } from '../../src/domain/day.ts'
import {
  DEFAULT_PREFERENCES,
  NEXT_SUBSCRIBER,
  SUBSCRIBER_STATES,
  type SubscriberState,
} from '../../src/domain/subscriber.ts'
import { claimParcel } from '../../src/ledger/deliveries/claim.ts'
import { recordEvent } from '../../src/ledger/deliveries/provider-events.ts'
import { writePage } from '../../src/ledger/dispatch/write-page.ts'
import { saveEdition } from '../../src/ledger/editions/editions.ts'
import { redeemConfirmation } from '../../src/ledger/signups/confirmations.ts'
import { processOpenSignUp } from '../../src/ledger/signups/open-signup.ts'
import { eraseSubscriber } from '../../src/ledger/subscribers/erase.ts'
import { pauseSubscriber, resumeDueSubscribers, resumeSubscriber } from '../../src/ledger/subscribers/pauses.ts'
import { addSubscribers, readSubscriber, suppress } from '../../src/ledger/subscribers/subscribers.ts'
import { undoUnsubscribe, unsubscribe } from '../../src/ledger/subscribers/unsubscribe.ts'
import { tokenInSubject } from '../../src/mail/inbound/unsubscribe-subject.ts'
import { createLinks } from '../../src/security/signed-links.ts'
import { createTokens } from '../../src/security/tokens.ts'
import { type UnsubscribeMethod, unsubscribeByToken, unsubscribeOrDefer } from '../../src/subscriptions/unsubscribe.ts'
import { addSubscribersFor, openInstallation, openTestApp } from '../support/app.ts'
import { emptyTables } from '../support/databases/empty-tables.ts'
import { aPublishedEdition } from '../support/editions.ts'
import { embeddedLedger, postgresLedger, type TestLedger } from '../support/ledger.ts'
import { CLAIM_DEFAULTS } from '../support/sending/claiming.ts'
import { decideOn } from '../support/sending/deciding.ts'
import { TEST_DATABASE_URL } from '../support/servers/services.ts'
import { DAY_MS, openSite, type TestSite } from '../support/web/site.ts'

const TOKENS = createTokens(['a secret of the tests that is long enough'])

describe('a mail that asks to leave', () => {
  const token = TOKENS.sign('unsubscribe', '42')

  it.each([
    [`unsubscribe ${token}`, token],
    [`Re: UNSUBSCRIBE  ${token} `, token],
    [`unsubscribe`, null],
    [`please unsubscribe ${token}`, null],
    [`unsubscribe ${token} ${token}`, null],
    [`unsubscribe ada@example.org`, null],
    ['', null],
  ])('with the subject “%s” carries %s', (subject, found) => {
    expect(tokenInSubject(subject)).toBe(found)
  })

  it('is what the mailto form of List-Unsubscribe makes, and names no reader’s address', () => {
    const uri = createLinks('https://papers.example.org', TOKENS).unsubscribeByMail('leave+me@papers.example.org', '42')
    const { protocol, pathname, searchParams } = new URL(uri)
    expect([protocol, decodeURIComponent(pathname)]).toEqual(['mailto:', 'leave+me@papers.example.org'])
    expect(tokenInSubject(searchParams.get('subject') ?? '')).toBe(token)
  })

  it.each<[UnsubscribeMethod, boolean, string[]]>([
    ['mail', true, []],
    ['one-click', true, []],
    ['page', true, ['42 ada@example.org']],
    ['page', false, []],
  ])('or any other door (%s, confirmed: %s): a goodbye goes to %j', async (by, confirmed, wanted) => {
    const goodbyes: string[] = []
    const deps = {
      openToken: TOKENS.verify,
      unsubscribe: async () => ({ kind: 'left', email: 'ada@example.org', confirmed }) as const,
      sayGoodbye: async (id: string, email: string) => void goodbyes.push(`${id} ${email}`),
      defer: async () => false,
      clock: () => new Date(),
    }
    expect((await unsubscribeByToken(token, deps, by)).kind).toBe('left')
    expect(goodbyes).toEqual(wanted)
    expect(await unsubscribeByToken(TOKENS.sign('digest', '42'), deps, by)).toEqual({ kind: 'invalid-token' })
    expect(await unsubscribeByToken(TOKENS.sign('unsubscribe', '4 2'), deps, by)).toEqual({ kind: 'invalid-token' })
  })

  it('is stored when the ledger gives no answer within seconds, and refused when it cannot be stored', async () => {
    jest.useFakeTimers()
    try {
      const kept: unknown[] = []
      const at = new Date('2026-11-24T09:00:00Z')
      const deps = {
        openToken: TOKENS.verify,
        unsubscribe: () => new Promise<never>(() => {}),
        sayGoodbye: async () => {},
        defer: async (wish: unknown) => kept.push(wish) === 1,
        clock: () => at,
      }
      const answers = Promise.all([1, 2].map(() => unsubscribeOrDefer(token, deps, 'one-click')))
      await jest.advanceTimersByTimeAsync(UNSUBSCRIBE_ANSWER_MS_MAX)
      expect(await answers).toEqual([{ kind: 'deferred' }, { kind: 'unavailable' }])
      expect(kept[0]).toEqual({ subscriberId: '42', by: 'one-click', at })
      expect(await unsubscribeOrDefer(`${token}x`, deps, 'one-click')).toEqual({ kind: 'invalid-token' })
      expect(kept).toHaveLength(2)
    } finally {
      jest.useRealTimers()
    }
  })

  it('has its mailbox in every digest when UNSUBSCRIBE_MAILBOX is set, after the https address', async () => {
    const place = await openInstallation('embedded', { mail: { unsubscribeMailbox: 'leave@papers.example.org' } })
    const app = await openTestApp(place)
    try {
      const [id = ''] = await addSubscribersFor(app, [{ email: 'ada@example.org' }])
      await saveDay(app.ledger.db, day('2026-11-24'))
      const issue = await app.composer.open(day('2026-11-24'), false)
      const [decision] = issue.decide([
        {
          deliveryId: '1',
          subscriberId: id,
          period: '2026-11-24',
          catchUpFrom: null,
          alreadySent: [],
          subscriber: { ...DEFAULT_PREFERENCES, email: 'ada@example.org', state: 'active', suppressed: false },
        },
      ])
      if (decision?.kind !== 'send') throw new Error('not sent')
      const message = issue.message(
        { day: day('2026-11-24'), keyId: app.composer.keyId, frozenAt: app.clock() },
        { ...decision, subscriberId: id, deferrals: 0 },
      )
      expect(message.headers['List-Unsubscribe']).toMatch(
        /^<https:\/\/papers\.example\.org\/unsubscribe\/[\w.-]+>, <mailto:leave@papers\.example\.org\?subject=unsubscribe%20[\w.-]+>$/,
      )
    } finally {
      await app.close()
      await place.close()
    }
  })
})

const saveDay = (db: TestLedger['db'], on: Day) =>
  saveEdition(
    db,
    aPublishedEdition(
      on,
      ['a', 'b'].map((name) => `${on.replaceAll('-', '')}${name}`),
      new Date(`${on}T06:00:00Z`),
    ),
  )

describe('a pause with an end', () => {
  let site: TestSite
  afterEach(() => site?.close())
  const today = () => day(site.clock.now.toISOString().slice(0, 10))
  const nextDay = () => {
    site.clock.now = new Date(site.clock.now.getTime() + DAY_MS)
  }
  const publishToday = async () => {
    await saveDay(site.app.ledger.db, today())
    await site.app.dispatch(today(), { kind: 'hour', now: site.clock.now }, { waitForWindow: false })
    const open = await site.app.ledger.db.selectFrom('parcels').select('id').where('state', '!=', 'settled').execute()
    for (const { id } of open) await site.app.deliver(id)
    return site.sendTransactionals() // None are queued: it answers the digests that are new.
  }
  const papers = (mail: { html?: string | false | undefined } | undefined) => [
    ...new Set(String(mail?.html).match(/(?<=\/paper\/)[^"]+/g) ?? []),
  ]

  it('ends by itself in the reader’s own zone, and one digest catches up on the days that were missed', async () => {
    site = await openSite({ now: '2026-11-23T09:00:00Z' }) // A Monday.
    const [id = ''] = await addSubscribersFor(site.app, [
      { email: 'ada@example.org', timezone: 'Asia/Tokyo', featuredCount: 2, includeOtherTitles: false },
    ])
    const preferences = site.app.links.preferences({ id, linkGeneration: 0 })
    expect(papers((await publishToday())[0])).toEqual(['20261123a', '20261123b'])
    nextDay()
    await site.post(preferences, { section: 'pause', until: '2026-11-27' })
    expect(await publishToday()).toEqual([])
    nextDay()
    expect(await publishToday()).toEqual([])
    nextDay()
    site.clock.now = new Date('2026-11-26T14:00:00Z') // 23:00 in Tokyo: the pause still holds.
    expect(await publishToday()).toEqual([])
    site.clock.now = new Date('2026-11-26T15:30:00Z') // The 27th has begun there, and its mail is due from 8:00.
    expect(await resumeDueSubscribers(site.app.ledger.db, { now: site.clock.now, limit: 10 })).toBe(1)
    expect(await readSubscriber(site.app.ledger.db, id)).toMatchObject({
      state: 'active',
      pausedUntil: null,
      pausedSince: '2026-11-24',
    })
    site.clock.now = new Date('2026-11-27T02:00:00Z')
    await site.app.ledger.pool.query('update subscribers set featured_count = 30, include_other_titles = true')
    const [mail, ...others] = await publishToday()
    expect(others).toEqual([])
    expect(mail?.subject).toMatch(/ while you were away$/)
    expect(String(mail?.html)).toContain('While you were away: trending papers')
    expect(mail?.text).toContain('While you were away: trending papers')
    expect(papers(mail).sort()).toEqual(
      ['24', '25', '26', '27'].flatMap((date) => [`202611${date}a`, `202611${date}b`]),
    )
    expect(await readSubscriber(site.app.ledger.db, id)).toMatchObject({ pausedSince: null })
    nextDay()
    const [ordinary] = await publishToday()
    expect(ordinary?.subject).not.toMatch(/away/)
    expect(papers(ordinary)).toEqual(['20261128a', '20261128b'])
  }, 300_000)

  it('of many days catches up on the last seven, and never on what went out before it or was had', async () => {
    site = await openSite({ now: '2026-11-02T09:00:00Z' })
    const [id = ''] = await addSubscribersFor(site.app, [
      { email: 'ada@example.org', featuredCount: 1, includeOtherTitles: false },
    ])
    await publishToday() // Of this day the reader had only the first paper.
    nextDay()
    await site.post(site.app.links.preferences({ id, linkGeneration: 0 }), { section: 'pause', until: '2026-11-05' })
    await publishToday()
    nextDay()
    await site.app.ledger.pool.query('update subscribers set featured_count = 30, include_other_titles = true')
    await publishToday()
    nextDay()
    const [first] = await publishToday()
    expect(
      papers(first)
        .map((paper) => paper.slice(6))
        .sort(),
    ).toEqual(['03a', '03b', '04a', '04b', '05a', '05b'])
    await site.post(site.app.links.preferences({ id, linkGeneration: 0 }), { section: 'pause' })
    for (let n = 0; n < 12; n += 1) {
      nextDay()
      expect(await publishToday()).toEqual([])
    }
    await site.post(site.app.links.preferences({ id, linkGeneration: 0 }), { section: 'pause', action: 'resume' })
    nextDay()
    const [second] = await publishToday()
    const days = [...new Set(papers(second).map((paper) => paper.slice(6, 8)))].sort()
    expect(days).toEqual(['12', '13', '14', '15', '16', '17', '18'])
  }, 300_000)

  it('does not lose its catch-up when that digest is put off, and repeats it byte by byte', async () => {
    site = await openSite({ now: '2026-11-24T09:00:00Z' })
    const { app } = site
    const [id = ''] = await addSubscribersFor(app, [{ email: 'ada@example.org' }])
    await pauseSubscriber(app.ledger.db, { id, timezone: 'UTC' }, day('2026-11-26'), site.clock.now)
    for (const _day of [1, 2]) {
      await saveDay(app.ledger.db, today())
      nextDay()
    }
    await saveDay(app.ledger.db, today())
    await app.dispatch(today(), { kind: 'everyone' }, { waitForWindow: false })
    const [parcel] = await app.ledger.db.selectFrom('parcels').selectAll().execute()
    const issue = await app.composer.open(today(), true)
    const claim = await claimParcel(app.ledger.db, {
      ...CLAIM_DEFAULTS,
      parcelId: parcel?.id ?? '',
      worker: 'one that dies',
      at: site.clock.now,
      silentBefore: site.clock.now,
      staleBefore: site.clock.now,
      transport: 'outbox',
      keyId: app.composer.keyId,
      template: issue.template,
      pool: issue.pool,
      decide: issue.decide,
    })
    if (claim.kind !== 'claimed' || claim.parcel.members[0] === undefined) throw new Error('not claimed')
    const frozen = issue.digest(claim.parcel.members[0], app.composer.keyId)
    site.clock.now = new Date(site.clock.now.getTime() + 3_600_000)
    await app.deliver(parcel?.id ?? '')
    const [delivery] = await app.ledger.db.selectFrom('deliveries').selectAll().execute()
    expect(delivery).toMatchObject({
      catch_up_from: '2026-11-24',
      selection: { catchUp: true, span: 'week', frequency: 'daily' },
    })
    const again = (await app.composer.open(today(), true)).digest(claim.parcel.members[0], app.composer.keyId)
    expect(again.html).toBe(frozen.html)
    expect(again.featured).toHaveLength(6)
  }, 300_000)
})

describe('weekdays', () => {
  it('keep a daily digest to the days that its reader chose', async () => {
    const site = await openSite({ now: '2026-11-23T09:00:00Z' })
    try {
      await addSubscribersFor(site.app, [{ email: 'ada@example.org', weekdays: [1, 3] }, { email: 'bob@example.org' }])
      const counts: number[] = []
      for (let n = 0; n < 5; n += 1) {
        counts.push((await site.morning()).length)
        site.clock.now = new Date(site.clock.now.getTime() + DAY_MS)
      }
      // Sample papers come round every three days, and nobody gets one twice.
      expect(counts.slice(0, 3)).toEqual([2, 1, 2])
    } finally {
      await site.close()
    }
  }, 300_000)
})

const LEDGERS: [string, (() => Promise<TestLedger>) | null][] = [
  ['PGlite', embeddedLedger],
  ['PostgreSQL', TEST_DATABASE_URL === null ? null : () => postgresLedger(TEST_DATABASE_URL ?? '')],
]

type Step =
  | { readonly kind: 'add' | 'resume' | 'leave' | 'undo' | 'suppress' | 'erase' | 'pause' | 'morning' }
  | { readonly kind: 'join' | 'confirm' | 'bounce' | 'complain' }
  | { readonly kind: 'pause-until'; readonly days: number }
  | { readonly kind: 'wait'; readonly hours: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom<Step>(
      ...(
        [
          'add',
          'join',
          'confirm',
          'confirm',
          'resume',
          'leave',
          'undo',
          'pause',
          'morning',
          'morning',
          'bounce',
        ] as const
      ).map((kind) => ({ kind })),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'suppress' }, { kind: 'complain' }, { kind: 'erase' }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 5 }).map((days): Step => ({ kind: 'pause-until', days })) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 40 }).map((hours): Step => ({ kind: 'wait', hours })) },
)

describe.each(LEDGERS)('any life of a subscription on %s', (name, open) => {
  const test = open === null ? it.skip : it
  let ledger: TestLedger
  beforeAll(async () => {
    if (open !== null) ledger = await open()
  })
  afterAll(() => ledger?.close())

  test('moves only as is legal, and nobody is mailed who is not active or is suppressed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async (steps) => {
        await emptyTables(
          ledger.pool,
          'deliveries, parcels, edition_papers, signals, editions, papers, subscribers, suppressions, events, transactional_emails, feedback, address_changes, sign_ups, confirmations, consents, webhook_events',
        )
        await live(ledger, steps)
      }),
      { numRuns: name === 'PGlite' ? 8 : 50 },
    )
  }, 300_000)
})

/** Lives the steps of one reader and holds each of them to the rules. */
async function live({ db }: TestLedger, steps: readonly Step[]): Promise<void> {
  let now = new Date('2026-11-24T09:00:00Z')
  let id = '0'
  let state = null as SubscriberState | null
  let erased = false
  for (const each of steps) {
    const before: SubscriberState | null = state
    const subscriber = { id, timezone: 'UTC' }
    if (each.kind === 'wait') now = new Date(now.getTime() + each.hours * 3_600_000)
    if (each.kind === 'add') id = (await add(db, now)) ?? id
    if (each.kind === 'join') id = (await join(db, now)) ?? id
    if (each.kind === 'confirm') await confirmNewest(db, now)
    if (each.kind === 'bounce') await report(db, 'bounced', now)
    if (each.kind === 'complain') await report(db, 'complained', now)
    if (each.kind === 'pause') await pauseSubscriber(db, subscriber, null, now)
    if (each.kind === 'pause-until') await pauseSubscriber(db, subscriber, addDays(dayIn('UTC', now), each.days), now)
    if (each.kind === 'resume') await resumeSubscriber(db, subscriber, now)
    if (each.kind === 'leave') await unsubscribe(db, { subscriberId: id, by: 'page', at: now })
    if (each.kind === 'undo') await undoUnsubscribe(db, id, now)
    if (each.kind === 'suppress') await suppress(db, 'hash of ada', 'complained', now)
    if (each.kind === 'erase') erased = (await eraseSubscriber(db, id, now)) !== null || erased
    if (each.kind === 'morning') await morning(db, now, id)
    const row = await readSubscriber(db, id)
    state = row?.state ?? null
    if (state !== null && !SUBSCRIBER_STATES.includes(state)) throw new Error(`the state ${state} is none`)
    if (before !== null && state !== null && before !== state && !NEXT_SUBSCRIBER[before].includes(state))
      throw new Error(`${each.kind} moved a reader from ${before} to ${state}`)
    if (before === 'suppressed' && state !== null && state !== before)
      throw new Error(`${each.kind} took a reader off the suppressed, which only an operator may`)
    if (row !== null && row.pausedUntil !== null && row.state !== 'paused')
      throw new Error(`a pause outlived its state after ${each.kind}`)
    if (erased && state !== null) throw new Error('an erased reader came back')
  }
}

/** A post of the subscribe form, admitted and taken up. */
async function join(db: TestLedger['db'], at: Date): Promise<string | null> {
  const id = randomUUID()
  await db
    .insertInto('sign_ups')
    .values({
      id,
      created_at: at,
      state: 'queued',
      reason: null,
      email: 'ada@example.org',
      email_key: 'ada',
      preferences: JSON.stringify(DEFAULT_PREFERENCES),
      address_hash: 'hash of ada',
      domain: 'example.org',
      network: '192.0.2.1',
      ip: null,
      form: true,
      consent_text_version: null,
    })
    .execute()
  await processOpenSignUp(db, { id, at, newId: randomUUID })
  const row = await db.selectFrom('subscribers').select('id').where('email_key', '=', 'ada').executeTakeFirst()
  return row?.id ?? null
}

async function confirmNewest(db: TestLedger['db'], at: Date): Promise<void> {
  const asked = await db
    .selectFrom('confirmations')
    .select('id')
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (asked !== undefined) await redeemConfirmation(db, { id: asked.id, transactionalId: randomUUID(), ip: null, at })
}

/** What a provider says of the newest letter that went out. */
async function report(db: TestLedger['db'], kind: 'bounced' | 'complained', at: Date): Promise<void> {
  const sent = await db
    .updateTable('deliveries')
    .set({ state: 'sent' })
    .where('state', '=', 'sending')
    .returning('id')
    .executeTakeFirst()
  if (sent === undefined) return
  const message = { kind: 'delivery', id: sent.id } as const
  await recordEvent(
    db,
    {
      id: randomUUID(),
      source: 'resend',
      kind,
      message,
      providerId: null,
      mayBeOurs: true,
      reason: null,
      occurredAt: at,
    },
    { hashOf: () => 'hash of ada', at },
  )
}

async function add(db: TestLedger['db'], at: Date): Promise<string | null> {
  const consent = { by: 'operator' as const, note: 'a test', at: at.toISOString() }
  const [result] = await addSubscribers(
    db,
    [
      {
        email: 'ada@example.org',
        emailKey: 'ada',
        addressHash: 'hash of ada',
        state: 'active',
        preferences: DEFAULT_PREFERENCES,
        consent,
      },
    ],
    at,
  )
  return result?.kind === 'suppressed' || result === undefined ? null : result.id
}

/** Publishes, wakes, dispatches and claims; whoever is queued or mailed must be active and free of suppression. */
async function morning(db: TestLedger['db'], now: Date, id: string): Promise<void> {
  const today = dayIn('UTC', now)
  await saveDay(db, today)
  await resumeDueSubscribers(db, { now, limit: 10 })
  const state = (await readSubscriber(db, id))?.state ?? null
  const suppressed = (await db.selectFrom('suppressions').select('address_hash').execute()).length > 0
  const page = await writePage(db, {
    day: today,
    cohort: { kind: 'everyone' },
    after: '0',
    subscribersMax: 10,
    parcelSize: 1,
    newParcelId: randomUUID,
    at: now,
  })
  const mailable = state === 'active' && !suppressed
  if (page.kind === 'page' && page.subscribers > 0 && !mailable) throw new Error(`queued for a reader who is ${state}`)
  const parcels = await db.selectFrom('parcels').select('id').where('state', '=', 'queued').execute()
  for (const parcel of parcels) {
    const claim = await claimParcel(db, {
      ...CLAIM_DEFAULTS,
      parcelId: parcel.id,
      worker: 'w',
      at: now,
      silentBefore: now,
      staleBefore: now,
      transport: 'outbox',
      keyId: 'k',
      template: 't',
      pool: { ids: [], since: today },
      decide: decideOn('2611.00001'),
    })
    if (claim.kind === 'claimed' && !mailable) throw new Error(`mail for a reader who is ${state}`)
  }
}
