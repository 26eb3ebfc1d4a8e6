import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import {
  LOGIN_ATTEMPTS_PER_ADDRESS_MAX,
  LOGIN_ATTEMPTS_PER_DEVICE_MAX,
  LOGIN_ATTEMPTS_PER_WIDE_NETWORK_MAX,
  LOGIN_LOCK_RESET_HOURS,
  LOGIN_PAUSE_MS_MAX,
  LOGIN_WAITING_MAX,
} from '../../../../config/limits-web.ts'
import { networkOf, wideNetworkOf } from '../../../../src/security/client-ip.ts'
import { createLoginGate, type LoginAnswer } from '../../../../src/web/admin/login/login-gate.ts'
import type { App } from '../../../../workers/app/app.ts'

import { openInstallation, openTestApp, QUICKEST, type TestInstallation } from '../../../support/app.ts'

const MINUTE = 60_000
const NETWORKS = 10_000
let now = Date.parse('2026-11-24T09:00:00Z')
let place: TestInstallation
let app: App
/** When each password was looked at. */
let looks: number[] = []
let sleepers: { readonly at: number; readonly wake: () => void }[] = []
let lookingNow = 0
let lookingMost = 0
beforeAll(async () => {
  place = await openInstallation(QUICKEST)
  app = await openTestApp(place, () => new Date(now))
})
afterAll(async () => {
  await app.close()
  await place.close()
})
beforeEach(async () => {
  now += 10 * 24 * 60 * MINUTE
  looks = []
  sleepers = []
  lookingMost = 0
  await app.ledger.db.deleteFrom('known_login_networks').execute()
  await app.ledger.db.deleteFrom('login_attempts').execute()
})

function openGate() {
  return createLoginGate({
    ledger: app.ledger,
    hash: app.ledger.tokens.hashAddress,
    clock: () => new Date(now),
    // The only thing that takes time here.
    sleep: (ms) => new Promise((wake) => sleepers.push({ at: now + ms, wake })),
  })
}

const look = (right: boolean) => async () => {
  looks.push(now)
  lookingNow += 1
  lookingMost = Math.max(lookingMost, lookingNow)
  await Promise.resolve()
  lookingNow -= 1
  return right
}

const botAt = (n: number) => `11.${n >> 8}.${n & 255}.7`
const GOOD = '198.51.100.4'
const ROOM = LOGIN_WAITING_MAX + 1 // One is looked at, the others wait.

/** Has time pass only when all that came at once have their place or were turned away. */
async function settle(coming: readonly Promise<LoginAnswer>[], turnedAway: number): Promise<LoginAnswer[]> {
  let settled = 0
  for (const each of coming) void each.finally(() => (settled += 1))
  const pass = () => new Promise((resolve) => setImmediate(resolve))
  while (settled < turnedAway) await pass()
  while (settled < coming.length) {
    const first = sleepers.shift()
    if (first !== undefined) {
      now = Math.max(now, first.at)
      first.wake()
    }
    await pass()
  }
  return Promise.all(coming)
}

/** Ten thousand networks, each of which failed a minute ago. */
async function failEverywhere(): Promise<void> {
  const { hashAddress } = app.ledger.tokens
  const since = new Date(now - MINUTE)
  const names = Array.from({ length: NETWORKS }, (_, n) => botAt(n)).flatMap((ip) => [
    hashAddress(`login ${networkOf(ip)}`),
    hashAddress(`login wide ${wideNetworkOf(ip)}`),
  ])
  for (let first = 0; first < names.length; first += 5_000)
    await app.ledger.db
      .insertInto('login_attempts')
      .values(names.slice(first, first + 5_000).map((name) => ({ name, attempts: 1, since })))
      .execute()
  await app.ledger.db.insertInto('login_attempts').values({ name: 'strangers', attempts: NETWORKS, since }).execute()
}

describe('wrong passwords from ten thousand networks', () => {
  it('slow strangers down, and leave known networks, known browsers and a first try of an operator their way in', async () => {
    const gate = openGate()
    const wrong = (ip: string) => gate.enter({ ip, device: null }, look(false))
    expect(await gate.enter({ ip: '192.0.2.1', device: null }, look(true))).toEqual({ kind: 'in' })
    await failEverywhere()
    looks = []
    const begun = now
    const kinds: string[] = []
    for (let wave = 0; wave < 5; wave += 1) {
      const bots = Array.from({ length: 60 }, (_, n) => wrong(botAt(wave * 60 + n)))
      for (const { kind } of await settle(bots, 60 - ROOM)) kinds.push(kind)
    }
    // One password after the other is looked at, two seconds apart: 450 in a quarter of an hour.
    expect(lookingMost).toBe(1)
    expect(looks).toHaveLength(5 * ROOM)
    expect(now - begun).toBe(5 * ROOM * LOGIN_PAUSE_MS_MAX)
    expect(kinds.filter((kind) => kind === 'busy')).toHaveLength(5 * (60 - ROOM))

    // In the midst of the next wave the operator comes: from where they were, from a browser that is known, and from nowhere.
    for (const [ip, device, mostMs] of [
      ['192.0.2.99', null, 0],
      [botAt(1), 'a browser', 0],
      [GOOD, null, 2 * LOGIN_PAUSE_MS_MAX],
    ] as const) {
      const from = now
      let waited = Number.POSITIVE_INFINITY
      const bots = Array.from({ length: 40 }, (_, n) => wrong(botAt(5_000 + n)))
      const operator = gate.enter({ ip, device }, async () => {
        waited = now - from
        return true
      })
      const answers = await settle([...bots, operator], 41 - ROOM)
      expect(answers.at(-1)).toEqual({ kind: 'in' })
      expect(waited).toBeLessThanOrEqual(mostMs)
    }
  }, 60_000)

  it('hold only a few requests open at once, and say to the others when to come again', async () => {
    const gate = openGate()
    await failEverywhere()
    const answers = await settle(
      Array.from({ length: 60 }, (_, n) => gate.enter({ ip: botAt(n), device: null }, look(false))),
      60 - ROOM,
    )
    const busy = answers.filter(({ kind }) => kind === 'busy')
    expect(busy).toHaveLength(60 - ROOM)
    expect(busy[0]).toEqual({ kind: 'busy', retrySeconds: (LOGIN_WAITING_MAX * LOGIN_PAUSE_MS_MAX) / 1_000 })
    expect(looks).toHaveLength(ROOM)
  })

  it('lock nobody whose password was not looked at', async () => {
    const gate = openGate()
    await failEverywhere()
    // Strangers that come for the first time hold every place, so the operator is told to come again, more often than there are tries.
    const enter = (ip: string) => gate.enter({ ip, device: null }, look(false))
    const fresh = Array.from({ length: 60 }, (_, n) => enter(`12.0.${n}.7`))
    let turnedAway = 0
    for (const each of fresh) void each.finally(() => (turnedAway += 1))
    while (turnedAway < 60 - ROOM) await new Promise((resolve) => setImmediate(resolve))
    for (let n = 0; n <= LOGIN_ATTEMPTS_PER_ADDRESS_MAX; n += 1)
      expect(await enter(GOOD)).toMatchObject({ kind: 'busy' })
    await settle(fresh, 60 - ROOM)
    expect(await settle([gate.enter({ ip: GOOD, device: null }, look(true))], 0)).toEqual([{ kind: 'in' }])
  })
})

describe('a network', () => {
  it('that fails is locked for twice as long each time, without its password being looked at, and no other is', async () => {
    const gate = openGate()
    const enter = (ip: string, isRight: boolean) => gate.enter({ ip, device: null }, look(isRight))
    const locks: number[] = []
    for (let round = 0; round < 8; round += 1) {
      for (let n = 0; n < LOGIN_ATTEMPTS_PER_ADDRESS_MAX; n += 1)
        expect(await enter(GOOD, false)).toEqual({ kind: 'wrong' })
      const looked = looks.length
      const answer = await enter(GOOD, true)
      if (answer.kind !== 'locked') throw new Error(`was ${answer.kind}`)
      locks.push(answer.retrySeconds / 60)
      now += (answer.retrySeconds - 1) * 1_000
      expect(await enter(GOOD, true)).toMatchObject({ kind: 'locked', retrySeconds: 1 })
      expect(looks).toHaveLength(looked)
      now += 1_000
    }
    expect(locks).toEqual([15, 30, 60, 120, 240, 480, 960, 1_440])
    expect(await enter('203.0.113.4', true)).toEqual({ kind: 'in' })
    now += LOGIN_LOCK_RESET_HOURS * 60 * MINUTE
    for (let n = 0; n < LOGIN_ATTEMPTS_PER_ADDRESS_MAX; n += 1) await enter(GOOD, false)
    expect(await enter(GOOD, true)).toMatchObject({ kind: 'locked', retrySeconds: 15 * 60 })
  })

  it.each([
    ['an IPv4 /24', (n: number) => `203.0.113.${n}`],
    ['an IPv6 /48', (n: number) => `2001:db8:7:${n.toString(16)}::1`],
  ])('is also %s, however many addresses of it fail', async (_, address) => {
    const gate = openGate()
    const answers: string[] = []
    for (let n = 0; n < 2 * LOGIN_ATTEMPTS_PER_WIDE_NETWORK_MAX; n += 1)
      answers.push((await gate.enter({ ip: address(n), device: null }, look(false))).kind)
    expect(answers.filter((kind) => kind === 'wrong')).toHaveLength(LOGIN_ATTEMPTS_PER_WIDE_NETWORK_MAX)
  })

  it('is shared by several web processes', async () => {
    const gates = [openGate(), openGate(), openGate()]
    const kinds: string[] = []
    for (let n = 0; n < 9; n += 1) {
      const answer = await gates[n % 3]?.enter({ ip: GOOD, device: null }, look(false))
      kinds.push(answer?.kind ?? '')
    }
    expect(kinds.filter((kind) => kind === 'wrong')).toHaveLength(LOGIN_ATTEMPTS_PER_ADDRESS_MAX)
  })

  it('is stored as a keyed hash only, and forgotten in the end', async () => {
    const gate = openGate()
    await gate.enter({ ip: GOOD, device: 'a browser' }, look(true))
    await gate.enter({ ip: '203.0.113.77', device: null }, look(false))
    const rows = [
      ...(await app.ledger.db.selectFrom('login_attempts').selectAll().execute()),
      ...(await app.ledger.db.selectFrom('known_login_networks').selectAll().execute()),
    ]
    expect(rows.length).toBeGreaterThanOrEqual(3)
    expect(JSON.stringify(rows)).not.toMatch(/203\.0\.113|198\.51\.100|browser/)
    now += 40 * 24 * 60 * MINUTE
    await gate.enter({ ip: '192.0.2.5', device: null }, look(true))
    expect(await app.ledger.db.selectFrom('login_attempts').selectAll().execute()).toHaveLength(0)
    expect(await app.ledger.db.selectFrom('known_login_networks').selectAll().execute()).toHaveLength(1)
  })
})

describe('a browser that is known', () => {
  it('has a few tries of its own, and then those of its network', async () => {
    const gate = openGate()
    const kinds: string[] = []
    for (let n = 0; n < 20; n += 1) kinds.push((await gate.enter({ ip: GOOD, device: 'a browser' }, look(false))).kind)
    expect(kinds.filter((kind) => kind === 'wrong')).toHaveLength(
      LOGIN_ATTEMPTS_PER_DEVICE_MAX + LOGIN_ATTEMPTS_PER_ADDRESS_MAX,
    )
    expect(kinds.at(-1)).toBe('locked')
  })
})
