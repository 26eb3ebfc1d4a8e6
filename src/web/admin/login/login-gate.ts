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
  /** The queue of password checks is full, so this password was not checked. */
  | { readonly kind: 'busy'; readonly retrySeconds: number }

/** The sender of a login form. */
export interface LoginVisitor {
  readonly ip: string
  /** Id of a browser in which an operator logged in before, from its signed cookie, or null. */
  readonly device: string | null
}

export interface LoginGateDeps {
  readonly ledger: Stores
  /** Returns a keyed hash, so that no address is stored. */
  readonly hash: (text: string) => string
  readonly clock: Clock
  readonly sleep: (ms: number) => Promise<void>
}

/** Limits password checks, and rejects visitors that failed too often. */
export interface LoginGate {
  /** @param isRight checks the password and the code. */
  enter(visitor: LoginVisitor, isRight: () => Promise<boolean>): Promise<LoginAnswer>
}

/**
 * Locks devices and networks that fail, but never the account, so that an attacker cannot lock the operator out. After many
 * failures from everywhere, unknown visitors are checked one at a time with a delay. Browsers and networks from which an operator
 * logged in before use a separate queue without the delay (OWASP, “Slow Down Online Guessing Attacks with Device Cookies”).
 */
export function createLoginGate(deps: LoginGateDeps): LoginGate {
  const known = createLane({ concurrency: 1, waitingMax: LOGIN_WAITING_KNOWN_MAX })
  const unknown = createLane({ concurrency: 1, waitingMax: LOGIN_WAITING_MAX })
  return {
    async enter(visitor, isRight) {
      const access = await findAccess(visitor, deps)
      if (access.kind === 'locked') return access
      const pauseMs = access.known ? 0 : await currentPauseMs(deps)
      const lane = access.known ? known : unknown
      const checked = await checkInLane(lane, access.before, pauseMs, isRight, deps)
      if (checked.kind === 'full') {
        await deps.ledger.operators.countRefusedAttempt(access.names)
        return {
          kind: 'busy',
          retrySeconds: Math.max(BUSY_SECONDS_MIN, Math.ceil((LOGIN_WAITING_MAX * pauseMs) / 1_000)),
        }
      }
      if (!checked.value) {
        if (!access.known)
          await deps.ledger.operators.countLoginAttempt({ name: ALL_UNKNOWN, most: UNBOUNDED }, deps.clock())
        return { kind: 'wrong' }
      }
      await deps.ledger.operators.resetLoginAttempts(access.names)
      await deps.ledger.operators.saveKnownNetwork(networkName(visitor.ip, deps), deps.clock())
      return { kind: 'in' }
    },
  }
}

const ALL_UNKNOWN = 'strangers'
const UNBOUNDED = 2 ** 30
const BUSY_SECONDS_MIN = 5

type Access =
  | { readonly kind: 'free'; readonly known: boolean; readonly before: number; readonly names: readonly string[] }
  | { readonly kind: 'locked'; readonly retrySeconds: number }

/** Checks the device first. If it is unknown or locked, the networks decide. */
async function findAccess({ ip, device }: LoginVisitor, deps: LoginGateDeps): Promise<Access> {
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

/** Names a network by its /24 or /48, because a household's address changes within it. */
function networkName(ip: string, { hash }: LoginGateDeps): string {
  return hash(`login wide ${wideNetworkOf(ip)}`)
}

async function currentPauseMs({ ledger, clock }: LoginGateDeps): Promise<number> {
  const tries = await ledger.operators.readLoginAttempts(ALL_UNKNOWN, clock())
  return tries < LOGIN_PAUSE_FROM_ATTEMPTS ? 0 : Math.min(LOGIN_PAUSE_MS_MAX, tries * LOGIN_PAUSE_MS_PER_ATTEMPT)
}

/** Checks networks with the fewest attempts first, so that an operator's first attempt comes before a botnet's. */
function checkInLane(
  lane: Lane,
  before: number,
  pauseMs: number,
  isRight: () => Promise<boolean>,
  deps: LoginGateDeps,
) {
  return lane.run(before, async () => {
    if (pauseMs > 0) await deps.sleep(pauseMs)
    return isRight()
  })
}
