import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { day } from '../../../src/domain/day.ts'
import type { ClaimedParcel, ParcelItem } from '../../../src/domain/parcel.ts'
import { resendTransport } from '../../../src/mail/resend/transport.ts'
import { sendParcel } from '../../../src/pipeline/send/send-parcel.ts'
import { messageTo } from '../../support/sending/messages.ts'
import type { ResendFault } from '../../support/servers/resend/faults.ts'
import { type ResendServer, startResendServer } from '../../support/servers/resend/server.ts'

const NOW = new Date('2026-11-24T08:00:00Z')
const KEY = '6f1c1f0e-0000-4000-8000-000000000001'
const NAMES = ['ada', 'kofi', 'mei'] as const
const LOST_BEFORE: ResendFault = { when: 'before', kind: 'cut' }
const LOST_AFTER: ResendFault = { when: 'after', kind: 'cut' }

const memberOf = (name: string): ParcelItem => ({
  deliveryId: name,
  subscriberId: name,
  period: '2026-11-24',
  address: `${name}@example.org`,
  paperIds: [],
  selection: { frequency: 'daily', interests: [], featured: 1, matches: {}, follows: {}, span: 'day', catchUp: false },
  deferrals: 0,
  queuedAt: NOW,
  giveUpAt: new Date(NOW.getTime() + 22 * 3_600_000),
})

const parcelOf = (names: readonly string[], left: readonly string[]): ClaimedParcel => ({
  id: KEY,
  day: day('2026-11-24'),
  worker: 'w',
  attempt: 2,
  transport: 'resend',
  keyId: 'k',
  claimedAt: NOW,
  frozenAt: NOW,
  firstCallAt: NOW,
  repeat: true,
  ahead: false,
  members: names.map(memberOf),
  excludedIds: left,
})

describe('the repeat of a call whose answer was lost', () => {
  let server: ResendServer
  let keyLives: boolean
  beforeEach(async () => {
    keyLives = true
    server = await startResendServer()
  })
  afterEach(() => server.close())

  const call = (names: readonly string[], left: readonly string[] = []) =>
    sendParcel(parcelOf(names, left), resendTransport({ apiKey: 're_x', baseUrl: server.url }), {
      key: KEY,
      messages: names.map((name) => messageTo(`${name}@example.org`)),
      keyLives: () => keyLives,
    })
  const mailed = () => server.delivered.flatMap(({ recipients }) => recipients).sort()
  const everyone = NAMES.map((name) => `${name}@example.org`)

  it('sends nothing to a subscriber who left, if the first call failed', async () => {
    server.plant(LOST_BEFORE)
    await call(NAMES)
    expect((await call(NAMES, ['kofi'])).map(({ kind }) => kind)).toEqual(['accepted', 'deferred', 'accepted'])
    expect(mailed()).toEqual(['ada@example.org', 'mei@example.org'])
  })

  it('finds out that the first call succeeded although a subscriber left, and mails nobody again', async () => {
    server.plant(LOST_AFTER)
    await call(NAMES)
    expect((await call(NAMES, ['kofi'])).map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted'])
    expect(mailed()).toEqual(everyone)
  })

  it('keeps a subscriber who left in the parcel while no answer comes', async () => {
    server.plant(LOST_BEFORE, LOST_AFTER)
    await call(NAMES)
    expect((await call(NAMES, ['kofi'])).map(({ kind }) => kind)).toEqual(['unknown', 'unknown', 'unknown'])
    expect((await call(NAMES, ['kofi'])).map(({ kind }) => kind)).toEqual(['accepted', 'deferred', 'accepted'])
    expect(mailed()).toEqual(['ada@example.org', 'mei@example.org'])
  })

  it('finds out that a repeat without the first of two leavers succeeded', async () => {
    server.plant(LOST_BEFORE, LOST_AFTER)
    await call(NAMES)
    await call(NAMES, ['kofi'])
    expect((await call(NAMES, ['kofi', 'mei'])).map(({ kind }) => kind)).toEqual(['accepted', 'deferred', 'accepted'])
    expect(mailed()).toEqual(['ada@example.org', 'mei@example.org'])
  })

  it('finds out that the first call succeeded although two subscribers left one after the other', async () => {
    server.plant(LOST_AFTER, LOST_BEFORE)
    await call(NAMES)
    await call(NAMES, ['mei'])
    expect((await call(NAMES, ['mei', 'kofi'])).map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted'])
    expect(mailed()).toEqual(everyone)
  })

  it('does not repeat earlier calls if the key may have expired, because they would count as first calls', async () => {
    server.plant(LOST_AFTER)
    await call(NAMES)
    keyLives = false
    expect((await call(NAMES, ['kofi'])).map(({ kind }) => kind)).toEqual(['unknown', 'unknown', 'unknown'])
    expect(server.calls).toHaveLength(2)
  })

  it('makes no call if the only subscriber of the parcel left, because the message may have been sent', async () => {
    server.plant(LOST_BEFORE)
    await call(['ada'])
    expect(await call(['ada'], ['ada'])).toMatchObject([{ kind: 'unknown', final: true }])
    expect(server.calls).toHaveLength(1)
  })
})
