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
/** The time of each password check. */
let checks: number[] = []
let sleepers: { readonly at: number; readonly wake: () => void }[] = []
let checkingNow = 0
let checkingMost = 0
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
  checks = []
  sleepers = []
  checkingMost = 0
  await app.ledger.db.deleteFrom('known_login_networks').execute()
  await app.ledger.db.deleteFrom('login_attempts').execute()
})

function openGate() {
  return createLoginGate({
    ledger: app.ledger,
    hash: app.ledger.tokens.hashAddress,
    clock: () => new Date(now),
    // Only this delay takes time in these tests.
    sleep: (ms) => new Promise((wake) => sleepers.push({ at: now + ms, wake })),
  })
}

const check = (right: boolean) => async () => {
  checks.push(now)
  checkingNow += 1
  checkingMost = Math.max(checkingMost, checkingNow)
  await Promise.resolve()
  checkingNow -= 1
  return right
}

const botAt = (n: number) => `11.${n >> 8}.${n & 255}.7`
const GOOD = '198.51.100.4'
const ROOM = LOGIN_WAITING_MAX + 1 // One is checked, the others wait.

/** Lets time pass once every attempt is queued or rejected as busy. */
async function settle(attempts: readonly Promise<LoginAnswer>[], turnedAway: number): Promise<LoginAnswer[]> {
  let settled = 0
  for (const each of attempts) void each.finally(() => (settled += 1))
  const pass = () => new Promise((resolve) => setImmediate(resolve))
  while (settled < turnedAway) await pass()
  while (settled < attempts.length) {
    const first = sleepers.shift()
    if (first !== undefined) {
      now = Math.max(now, first.at)
      first.wake()
    }
    await pass()
  }
  return Promise.all(attempts)
}

/** Records one failed attempt a minute ago for ten thousand networks. */
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
  it('slow unknown visitors down, but not known networks, known browsers or an operator’s first attempt', async () => {
    const gate = openGate()
    const wrong = (ip: string) => gate.enter({ ip, device: null }, check(false))
    expect(await gate.enter({ ip: '192.0.2.1', device: null }, check(true))).toEqual({ kind: 'in' })
    await failEverywhere()
    checks = []
    const begun = now
    const kinds: string[] = []
    for (let wave = 0; wave < 5; wave += 1) {
      const bots = Array.from({ length: 60 }, (_, n) => wrong(botAt(wave * 60 + n)))
      for (const { kind } of await settle(bots, 60 - ROOM)) kinds.push(kind)
    }
    // Passwords are checked one at a time, two seconds apart: 450 in a quarter of an hour.
    expect(checkingMost).toBe(1)
    expect(checks).toHaveLength(5 * ROOM)
    expect(now - begun).toBe(5 * ROOM * LOGIN_PAUSE_MS_MAX)
    expect(kinds.filter((kind) => kind === 'busy')).toHaveLength(5 * (60 - ROOM))

    // The operator logs in during the next wave: from a known network, from a known browser, and from an unknown address.
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

  it('hold only a few requests open at once, and tell the others when to retry', async () => {
    const gate = openGate()
    await failEverywhere()
    const answers = await settle(
      Array.from({ length: 60 }, (_, n) => gate.enter({ ip: botAt(n), device: null }, check(false))),
      60 - ROOM,
    )
    const busy = answers.filter(({ kind }) => kind === 'busy')
    expect(busy).toHaveLength(60 - ROOM)
    expect(busy[0]).toEqual({ kind: 'busy', retrySeconds: (LOGIN_WAITING_MAX * LOGIN_PAUSE_MS_MAX) / 1_000 })
    expect(checks).toHaveLength(ROOM)
  })

  it('do not lock a visitor whose password was not checked', async () => {
    const gate = openGate()
    await failEverywhere()
    // New visitors fill the queue. The operator is turned away more often than the attempt limit allows failures.
    const enter = (ip: string) => gate.enter({ ip, device: null }, check(false))
    const fresh = Array.from({ length: 60 }, (_, n) => enter(`12.0.${n}.7`))
    let turnedAway = 0
    for (const each of fresh) void each.finally(() => (turnedAway += 1))
    while (turnedAway < 60 - ROOM) await new Promise((resolve) => setImmediate(resolve))
    for (let n = 0; n <= LOGIN_ATTEMPTS_PER_ADDRESS_MAX; n += 1)
      expect(await enter(GOOD)).toMatchObject({ kind: 'busy' })
    await settle(fresh, 60 - ROOM)
    expect(await settle([gate.enter({ ip: GOOD, device: null }, check(true))], 0)).toEqual([{ kind: 'in' }])
  })
})

describe('a network', () => {
  it('that fails is locked twice as long each time, without further password checks, and no other network is', async () => {
    const gate = openGate()
    const enter = (ip: string, isRight: boolean) => gate.enter({ ip, device: null }, check(isRight))
    const locks: number[] = []
    for (let round = 0; round < 8; round += 1) {
      for (let n = 0; n < LOGIN_ATTEMPTS_PER_ADDRESS_MAX; n += 1)
        expect(await enter(GOOD, false)).toEqual({ kind: 'wrong' })
      const checked = checks.length
      const answer = await enter(GOOD, true)
      if (answer.kind !== 'locked') throw new Error(`was ${answer.kind}`)
      locks.push(answer.retrySeconds / 60)
      now += (answer.retrySeconds - 1) * 1_000
      expect(await enter(GOOD, true)).toMatchObject({ kind: 'locked', retrySeconds: 1 })
      expect(checks).toHaveLength(checked)
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
  ])('is also limited as %s, however many of its addresses fail', async (_, address) => {
    const gate = openGate()
    const answers: string[] = []
    for (let n = 0; n < 2 * LOGIN_ATTEMPTS_PER_WIDE_NETWORK_MAX; n += 1)
      answers.push((await gate.enter({ ip: address(n), device: null }, check(false))).kind)
    expect(answers.filter((kind) => kind === 'wrong')).toHaveLength(LOGIN_ATTEMPTS_PER_WIDE_NETWORK_MAX)
  })

  it('is counted across web processes', async () => {
    const gates = [openGate(), openGate(), openGate()]
    const kinds: string[] = []
    for (let n = 0; n < 9; n += 1) {
      const answer = await gates[n % 3]?.enter({ ip: GOOD, device: null }, check(false))
      kinds.push(answer?.kind ?? '')
    }
    expect(kinds.filter((kind) => kind === 'wrong')).toHaveLength(LOGIN_ATTEMPTS_PER_ADDRESS_MAX)
  })

  it('is stored only as a keyed hash, and deleted later', async () => {
    const gate = openGate()
    await gate.enter({ ip: GOOD, device: 'a browser' }, check(true))
    await gate.enter({ ip: '203.0.113.77', device: null }, check(false))
    const rows = [
      ...(await app.ledger.db.selectFrom('login_attempts').selectAll().execute()),
      ...(await app.ledger.db.selectFrom('known_login_networks').selectAll().execute()),
    ]
    expect(rows.length).toBeGreaterThanOrEqual(3)
    expect(JSON.stringify(rows)).not.toMatch(/203\.0\.113|198\.51\.100|browser/)
    now += 40 * 24 * 60 * MINUTE
    await gate.enter({ ip: '192.0.2.5', device: null }, check(true))
    expect(await app.ledger.db.selectFrom('login_attempts').selectAll().execute()).toHaveLength(0)
    expect(await app.ledger.db.selectFrom('known_login_networks').selectAll().execute()).toHaveLength(1)
  })
})

describe('a known browser', () => {
  it('has its own attempts, and then those of its network', async () => {
    const gate = openGate()
    const kinds: string[] = []
    for (let n = 0; n < 20; n += 1) kinds.push((await gate.enter({ ip: GOOD, device: 'a browser' }, check(false))).kind)
    expect(kinds.filter((kind) => kind === 'wrong')).toHaveLength(
      LOGIN_ATTEMPTS_PER_DEVICE_MAX + LOGIN_ATTEMPTS_PER_ADDRESS_MAX,
    )
    expect(kinds.at(-1)).toBe('locked')
  })
})
