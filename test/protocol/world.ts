import { sql } from 'kysely'
import { addDays, type Day } from '../../src/domain/day.ts'
import { heartbeat } from '../../src/ledger/dispatch/open-work.ts'
import { writePage } from '../../src/ledger/dispatch/write-page.ts'
import { setSending } from '../../src/ledger/editions/editions.ts'
import { moveSubscriber, suppress } from '../../src/ledger/subscribers/subscribers.ts'
import { type DeliverDeps, deliver } from '../../src/pipeline/deliver.ts'
import { dispatch } from '../../src/pipeline/dispatch.ts'
import { reconcile } from '../../src/pipeline/reconcile.ts'
import { type GroupClaims, groupClaims } from '../../src/pipeline/send/group-claims.ts'
import type { TestLedger } from '../support/ledger.ts'
import { aDispatch } from '../support/pipeline/dispatching.ts'
import { aSender } from '../support/sending/send-deps.ts'
import { Activity, Actor, type Gate } from './actor.ts'
import { composerOf } from './composer.ts'
import { type Accepted, type Fate, Provider } from './provider.ts'

export interface Subscriber {
  readonly id: string
  readonly email: string
  /** Counts of the world's clock of events at which they left, and came back; the last is the state now. */
  readonly left: number[]
  readonly back: number[]
}

/** A process with its running stories. */
interface Worker {
  id: string
  stopped: boolean
  keysInProgress: Set<string>
  actors: Actor[]
}

export interface WorldInput {
  readonly ledger: TestLedger
  readonly day: Day
  readonly subscribers: readonly Subscriber[]
  readonly keyLifeMs: number
  /** Changes the parts of a delivery, so that a test can break the protocol. */
  readonly mutate?: Mutate
}

/** Its own queries go through `run`, so that a path waits for them. */
export type Mutate = (parts: DeliverDeps, run: <T>(call: () => Promise<T>) => Promise<T>) => DeliverDeps

/** Workers, queue, providers and clock of two mornings, over the real stories and the real ledger. */
export class World {
  /** In fail-over order. */
  readonly providers: readonly Provider[]
  /** The messages that the providers accepted. */
  readonly log: Accepted[] = []
  readonly input: WorldInput
  readonly workers: Worker[] = []
  readonly jobs = new Set<string>()
  readonly days: readonly Day[]
  now: Date
  /** Counts what happens, so that before and after can be told at the same moment of the clock. */
  events = 0
  databaseDown = false
  /** Deliveries that nothing keeps from settling by the provider’s word. */
  hopeful = new Set<string>()
  /** Invariants that were broken on the way. */
  readonly broken: string[] = []
  fate: () => Fate = () => 'taken'
  readonly #activity = new Activity()

  constructor(input: WorldInput) {
    this.input = input
    this.days = [input.day, addDays(input.day, 1)]
    this.now = new Date(`${input.day}T06:00:00Z`)
    const { keyLifeMs } = input
    const now = () => this.now.getTime()
    this.providers = ([keyLifeMs > 0 ? 'resend' : 'smtp', 'outbox'] as const).map(
      (name) => new Provider({ name, keyLifeMs, now, log: this.log }),
    )
    for (let n = 0; n < 2; n += 1) this.workers.push(newWorker())
  }

  /** Time passes: whoever runs beats. */
  async pass(ms: number): Promise<void> {
    this.now = new Date(this.now.getTime() + ms)
    if (this.databaseDown) return
    for (const worker of this.workers) if (!worker.stopped) await this.#beat(worker)
  }

  /** Takes jobs that are done at the same time, and may share their claims. */
  async take(worker: Worker, parcelIds: readonly string[]): Promise<void> {
    for (const id of parcelIds) this.jobs.delete(id)
    await this.#begin(worker, `deliver ${parcelIds.map((id) => id.slice(-4)).join(' ')}`, async (gate) => {
      const parts = this.#partsOf(worker, gate)
      await Promise.all(parcelIds.map((id) => this.#deliver(id, parts, gate)))
    })
  }

  async #deliver(parcelId: string, parts: DeliverDeps, gate: Gate): Promise<void> {
    try {
      const result = await deliver(parcelId, parts)
      await gate('queue')
      if (result.kind === 'wait') this.jobs.add(parcelId)
      if (result.kind === 'retry') for (const { id } of result.retry) this.jobs.add(id)
    } catch {
      this.jobs.add(parcelId) // As a queue tries again what threw.
    }
  }

  async dispatch(worker: Worker, day: Day): Promise<void> {
    await this.#begin(worker, `dispatch ${day}`, async (gate) => {
      await dispatch(
        day,
        { kind: 'everyone' },
        aDispatch({
          dispatches: {
            ...this.#activity.count(this.input.ledger.dispatches),
            writePage: async (options) => {
              await gate('write page')
              this.#assertUp()
              return this.#activity.run(() => writePage(this.#db, options))
            },
          },
          queues: {
            add: async (_name, jobs) => {
              await gate('add jobs')
              this.#addJobs(jobs)
            },
          },
          parcelSize: this.#parcelSize,
          newParcelId: nextId,
          clock: () => this.now,
        }),
      )
    })
  }

  async reconcile(): Promise<void> {
    if (this.databaseDown) return
    await reconcile(
      {
        dispatches: this.input.ledger.dispatches,
        deliveries: { readIdleTransactionals: async () => [], applyWaiting: async () => 0 },
        signUps: { readOpenSignUps: async () => [] },
        maintenance: { prune: async () => ({ messageIds: [] }) },
        feedback: { updateDueProfiles: async () => 0 },
        queues: { add: async (_name, jobs) => this.#addJobs(jobs) },
        applyUnsubscribes: async () => 0,
        outboxDir: '',
        hashOf: () => null,
        clock: () => this.now,
      },
      { editions: false },
    )
  }

  #addJobs(jobs: readonly object[]): void {
    for (const job of jobs) if ('parcelId' in job) this.jobs.add(String(job.parcelId))
  }

  /** Kills a process and starts another. Its running stories are lost. */
  async crash(worker: Worker): Promise<void> {
    if (this.input.keyLifeMs === 0) await this.#countInDoubt(worker)
    this.workers.splice(this.workers.indexOf(worker), 1, newWorker())
  }

  /** Each of its stories has one connection. */
  async #countInDoubt({ id, actors }: Worker): Promise<void> {
    const { rows } = await sql<{ id: string }>`
      select id from parcels where claimed_by = ${id} and state = 'sending' and first_call_at is not null`.execute(
      this.#db,
    )
    if (rows.length > actors.length)
      this.broken.push(`${rows.length} messages are in doubt after a crash with ${actors.length} connections`)
  }

  async leave(subscriber: Subscriber, how: 'unsubscribed' | 'suppressed'): Promise<void> {
    if (!isIn(subscriber)) return
    if (how === 'unsubscribed') await moveSubscriber(this.#db, subscriber.id, 'unsubscribed', this.now, 'a test')
    else await suppress(this.#db, `hash of ${subscriber.email}`, 'complaint', this.now)
    subscriber.left.push(this.#happens())
  }

  async comeBack(subscriber: Subscriber): Promise<void> {
    if (
      isIn(subscriber) ||
      !(await moveSubscriber(this.#db, subscriber.id, 'active', this.now, 'a test', 'unsubscribed'))
    )
      return
    subscriber.back.push(this.#happens())
  }

  async steer(day: Day, to: 'running' | 'paused'): Promise<void> {
    await setSending(this.#db, day, to, this.now)
  }

  #happens(): number {
    this.events += 1
    return this.events
  }

  /** A provider without keys gets one message in a call. */
  get #parcelSize(): number {
    return this.input.keyLifeMs > 0 ? 3 : 1
  }

  get #db() {
    return this.input.ledger.db
  }

  async #begin(worker: Worker, name: string, story: (gate: Gate) => Promise<void>): Promise<void> {
    await this.#beat(worker)
    const actor = await Actor.begin(name, story, () => this.#activity.quiet())
    if (!actor.ended) worker.actors.push(actor)
  }

  async #beat(worker: Worker): Promise<void> {
    if (!this.databaseDown) await heartbeat(this.#db, { id: worker.id, host: 'h', pid: 1 }, this.now)
  }

  #assertUp(): void {
    if (this.databaseDown) throw new Error('the database is down')
  }

  #partsOf(worker: Worker, gate: Gate): DeliverDeps {
    const { deliveries, dispatches } = this.input.ledger
    const claimedAt = new Map<string, number>()
    const transports = this.providers.map((provider) =>
      provider.transport(gate, this.fate, (key) => claimedAt.get(key) ?? 0),
    )
    const sender = aSender(transports, () => this.now, {
      worker: worker.id,
      keysInProgress: worker.keysInProgress,
      pauses: this.#activity.count(dispatches),
      newParcelId: nextId,
      random: () => 0.5,
      sleep: () => gate('wait for the database'),
    })
    const gated = async <T>(name: string, call: () => Promise<T>, done = () => {}): Promise<T> => {
      await gate(name)
      this.#assertUp()
      const result = await call()
      done()
      if (name !== 'record') await gate(`after ${name}`)
      return result
    }
    const store = this.#activity.count(deliveries)
    const claims: GroupClaims = {
      requeueRefused: sender.deliveries.requeueRefused,
      findParcels: store.findParcels,
      claimParcels: (group) => {
        const claimed = () => {
          for (const { parcelId } of group) claimedAt.set(parcelId, this.#happens())
        }
        return gated('claim', () => store.claimParcels(group), claimed)
      },
      // A call that begins is checked again, so only those who leave after that may get a mail.
      recordCalls: (records) => {
        const recorded = () => {
          for (const { parcel } of records.begins) claimedAt.set(parcel.id, this.#happens())
        }
        return gated('record', () => store.recordCalls(records), recorded)
      },
      settleParcel: (options) => gated('settle', () => store.settleParcel(options)),
    }
    const parts: DeliverDeps = {
      ...sender,
      composer: composerOf(this.days[0] ?? this.input.day),
      deliveries: groupClaims(claims, { parcelSize: this.#parcelSize, everyMs: 0 }),
    }
    return this.input.mutate?.(parts, (call) => this.#activity.run(call)) ?? parts
  }
}

export function isIn(subscriber: Subscriber): boolean {
  return subscriber.left.length === subscriber.back.length
}

let ids = 0

/** Counted, so that the same tape is the same path. */
function nextId(): string {
  ids += 1
  return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`
}

function newWorker(): Worker {
  return { id: nextId(), stopped: false, keysInProgress: new Set(), actors: [] }
}
