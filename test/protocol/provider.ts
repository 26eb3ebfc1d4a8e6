import type { Outcome } from '../../src/mail/outcome.ts'
import type { Message, Parcel, Transport } from '../../src/mail/transport.ts'
import type { Gate } from './actor.ts'

/** What happens to one call. `late`: the caller gives up, and the call arrives afterwards, or never. */
export type Fate =
  | 'taken'
  | 'taken, answer lost'
  | 'not taken'
  | 'late'
  | 'taken, answer lost, then an outage'
  | 'not taken, an outage'
  | 'rate'
  | 'quota'
  | 'down'
  | 'sender'
  | 'deferred'
  | 'refuses one'
  | 'whole refused'

export interface Accepted {
  readonly deliveryId: string
  readonly address: string
  readonly papers: readonly string[]
  /** When the claim under which it was called was made: before it, nobody could know who would leave. */
  readonly claimedAt: number
}

interface Call extends Parcel {
  readonly claimedAt: number
}

export interface ProviderInput {
  readonly name: Transport['name']
  /** 0: it knows no keys. */
  readonly keyLifeMs: number
  readonly now: () => number
  /** The messages that the providers of a world accepted. */
  readonly log: Accepted[]
}

/** A provider with keys, as Resend documents it, or without. */
export class Provider {
  readonly late: Call[] = []
  readonly #keys = new Map<string, { body: string; at: number; outcomes: readonly Outcome[] }>()
  readonly #input: ProviderInput

  constructor(input: ProviderInput) {
    this.#input = input
  }

  /** The transport of one call: it stands at `call` before, and at `answer` while the answer is under way. */
  transport(gate: Gate, nextFate: () => Fate, claimedAt: (key: string) => number): Transport {
    const { name, keyLifeMs } = this.#input
    const keyed = keyLifeMs > 0
    return {
      name,
      parcelSize: keyed ? 3 : 1,
      // An hour less, as the real one gives up before the key is forgotten.
      keyLifeMs: keyed ? keyLifeMs - 3_600_000 : 0,
      keyCovers: keyed ? 'parcel' : 'message',
      check: async () => ({ ok: true, note: '' }),
      close: async () => {},
      ...(keyed ? {} : { enter: oneConnection(gate) }),
      send: async (parcel) => {
        await gate('call')
        const outcomes = this.#meet({ ...parcel, claimedAt: claimedAt(parcel.key) }, nextFate())
        await gate('answer')
        return outcomes
      },
    }
  }

  /** A call that was given up arrives. */
  arrive(): void {
    const call = this.late.shift()
    if (call !== undefined) this.#take(call, [])
  }

  #meet(call: Call, fate: Fate): readonly Outcome[] {
    const all = (outcome: Outcome) => call.messages.map(() => outcome)
    switch (fate) {
      case 'taken':
        return this.#take(call, [])
      case 'refuses one':
        return this.#take(call, call.messages.slice(0, 1))
      case 'taken, answer lost':
        this.#take(call, [])
        return all(LOST)
      case 'not taken':
        return all(LOST)
      case 'late':
        this.late.push(call)
        return all(LOST)
      case 'taken, answer lost, then an outage':
        this.#take(call, [])
        return all(OUTAGE)
      case 'not taken, an outage':
        return all(OUTAGE)
      case 'down':
      case 'sender':
        return all({ kind: 'deferred', pause: fate, reason: fate })
      case 'deferred':
        // A server that defers has looked at this very call, so it knows of no earlier one.
        if (this.#kept(call.key) !== undefined) return this.#take(call, [])
        return all({ kind: 'deferred', reason: '450' })
      case 'rate':
        return all({ kind: 'deferred', pause: 'rate', reason: '429' })
      case 'quota':
        return all({ kind: 'deferred', pause: 'quota', retryMs: 5 * 3_600_000, reason: '429' })
      case 'whole refused':
        // Keys are looked up before bodies: a call that was taken gives its first answer.
        if (this.#kept(call.key) !== undefined || this.#input.keyLifeMs === 0) return this.#take(call, [])
        return all(
          call.messages.length === 1
            ? { kind: 'refused', reason: '422' }
            : { kind: 'deferred', splitParcel: true, reason: '422' },
        )
    }
  }

  #kept(key: string) {
    const kept = this.#keys.get(key)
    return kept !== undefined && this.#input.now() - kept.at < this.#input.keyLifeMs ? kept : undefined
  }

  #take(call: Call, refuse: readonly Message[]): readonly Outcome[] {
    const body = JSON.stringify(call.messages)
    const kept = this.#kept(call.key)
    if (kept !== undefined)
      return kept.body === body
        ? kept.outcomes
        : call.messages.map(() => ({ kind: 'unknown', reason: '409', keyConflict: true }))
    const outcomes = call.messages.map((message): Outcome => {
      if (refuse.includes(message)) return { kind: 'refused', reason: 'no' }
      this.#input.log.push({
        deliveryId: message.id,
        address: message.to,
        papers: message.subject.split(' '),
        claimedAt: call.claimedAt,
      })
      return { kind: 'accepted', providerId: `m${this.#input.log.length}` }
    })
    this.#keys.set(call.key, { body, at: this.#input.now(), outcomes })
    return outcomes
  }
}

const LOST: Outcome = { kind: 'unknown', reason: 'lost' }
const OUTAGE: Outcome = { kind: 'unknown', pause: 'down', reason: 'lost' }

/** One call at a time; the others wait in the order in which they came. */
function oneConnection(gate: Gate): NonNullable<Transport['enter']> {
  let free = Promise.resolve()
  return async () => {
    const before = free
    let leave = () => {}
    free = new Promise((resolve) => {
      leave = resolve
    })
    await before
    await gate('connection')
    return leave
  }
}
