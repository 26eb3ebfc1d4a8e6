import {
  LOGIN_ATTEMPTS_PER_ADDRESS_MAX,
  LOGIN_ATTEMPTS_PER_DEVICE_MAX,
  LOGIN_ATTEMPTS_PER_WIDE_NETWORK_MAX,
  LOGIN_PAUSE_FROM_ATTEMPTS,
  LOGIN_PAUSE_MS_MAX,
  LOGIN_PAUSE_MS_PER_ATTEMPT,
  LOGIN_WAITING_KNOWN_MAX,
  LOGIN_WAITING_MAX,
} from '../../../../config/limits-web.ts'
import type { Stores } from '../../../ledger/stores.ts'
import type { Clock } from '../../../platform/clock.ts'
import { createLane, type Lane } from '../../../platform/lane.ts'
import { networkOf, wideNetworkOf } from '../../../security/client-ip.ts'

export type LoginAnswer =
  | { readonly kind: 'in' }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'locked'; readonly retrySeconds: number }
  /** Too many wait to have their password looked at; this one's was not. */
  | { readonly kind: 'busy'; readonly retrySeconds: number }

/** The sender of a login form. */
export interface LoginVisitor {
  readonly ip: string
  /** Id of a browser in which an operator logged in before, from its signed cookie; null for a strange one. */
  readonly device: string | null
}

export interface LoginGateDeps {
  readonly ledger: Stores
  /** A keyed hash: no address is stored. */
  readonly hash: (text: string) => string
  readonly clock: Clock
  readonly sleep: (ms: number) => Promise<void>
}

/** Looks at passwords a few at a time, and not at all for those who fail too often. */
export interface LoginGate {
  /** @param isRight looks at the password and the code. */
  enter(visitor: LoginVisitor, isRight: () => Promise<boolean>): Promise<LoginAnswer>
}

/**
 * Locks devices and networks that fail, never the account: an attacker who fails from everywhere must not shut the operator out.
 * Many failures from everywhere make strangers wait, one after the other. Browsers and networks from which an operator logged in
 * before have a queue of their own, without that wait (OWASP, “Slow Down Online Guessing Attacks with Device Cookies”).
 */
export function createLoginGate(deps: LoginGateDeps): LoginGate {
  const known = createLane({ concurrency: 1, waitingMax: LOGIN_WAITING_KNOWN_MAX })
  const strangers = createLane({ concurrency: 1, waitingMax: LOGIN_WAITING_MAX })
  return {
    async enter(visitor, isRight) {
      const pass = await passOf(visitor, deps)
      if (pass.kind === 'locked') return pass
      const pauseMs = pass.known ? 0 : await pauseNow(deps)
      const lane = pass.known ? known : strangers
      const looked = await look(lane, pass.before, pauseMs, isRight, deps)
      if (looked.kind === 'full') {
        await deps.ledger.operators.countRefusedAttempt(pass.names)
        return {
          kind: 'busy',
          retrySeconds: Math.max(BUSY_SECONDS_MIN, Math.ceil((LOGIN_WAITING_MAX * pauseMs) / 1_000)),
        }
      }
      if (!looked.value) {
        if (!pass.known)
          await deps.ledger.operators.countLoginAttempt({ name: ALL_STRANGERS, most: UNBOUNDED }, deps.clock())
        return { kind: 'wrong' }
      }
      await deps.ledger.operators.resetLoginAttempts(pass.names)
      await deps.ledger.operators.saveKnownNetwork(networkName(visitor.ip, deps), deps.clock())
      return { kind: 'in' }
    },
  }
}

const ALL_STRANGERS = 'strangers'
const UNBOUNDED = 2 ** 30
const BUSY_SECONDS_MIN = 5

type Pass =
  | { readonly kind: 'free'; readonly known: boolean; readonly before: number; readonly names: readonly string[] }
  | { readonly kind: 'locked'; readonly retrySeconds: number }

/** A device that is not locked passes by itself; otherwise the networks decide. */
async function passOf({ ip, device }: LoginVisitor, deps: LoginGateDeps): Promise<Pass> {
  const at = deps.clock()
  await deps.ledger.operators.pruneLoginAttempts(at)
  if (device !== null) {
    const name = deps.hash(`login device ${device}`)
    const tried = await deps.ledger.operators.countLoginAttempt({ name, most: LOGIN_ATTEMPTS_PER_DEVICE_MAX }, at)
    if (tried.kind === 'free') return { kind: 'free', known: true, before: tried.before, names: [name] }
  }
  const names = [deps.hash(`login ${networkOf(ip)}`), networkName(ip, deps)] as const
  let before = 0
  for (const [place, name] of names.entries()) {
    const most = place === 0 ? LOGIN_ATTEMPTS_PER_ADDRESS_MAX : LOGIN_ATTEMPTS_PER_WIDE_NETWORK_MAX
    const tried = await deps.ledger.operators.countLoginAttempt({ name, most }, at)
    if (tried.kind === 'locked')
      return { kind: 'locked', retrySeconds: Math.max(1, Math.ceil((tried.until.getTime() - at.getTime()) / 1_000)) }
    before = Math.max(before, tried.before)
  }
  return { kind: 'free', known: await deps.ledger.operators.isKnownNetwork(names[1], at), before, names }
}

/** A known network is a /24 or a /48: a household's address changes within it. */
function networkName(ip: string, { hash }: LoginGateDeps): string {
  return hash(`login wide ${wideNetworkOf(ip)}`)
}

async function pauseNow({ ledger, clock }: LoginGateDeps): Promise<number> {
  const tries = await ledger.operators.readLoginAttempts(ALL_STRANGERS, clock())
  return tries < LOGIN_PAUSE_FROM_ATTEMPTS ? 0 : Math.min(LOGIN_PAUSE_MS_MAX, tries * LOGIN_PAUSE_MS_PER_ATTEMPT)
}

/** Networks that sent the fewest forms come first, so an operator's first try overtakes a botnet that comes again and again. */
function look(lane: Lane, before: number, pauseMs: number, isRight: () => Promise<boolean>, deps: LoginGateDeps) {
  return lane.run(before, async () => {
    if (pauseMs > 0) await deps.sleep(pauseMs)
    return isRight()
  })
}
