import { addDays, type Day, dayIn, isOverEverywhere, startOfDay } from '../../../src/domain/day.ts'
import type { Preferences } from '../../../src/domain/subscriber.ts'
import { readOpenEditions } from '../../../src/ledger/dispatch/write-page.ts'
import { pauseSubscriber, resumeSubscriber } from '../../../src/ledger/subscribers/pauses.ts'
import { savePreferences } from '../../../src/ledger/subscribers/preferences.ts'
import { readSubscriber } from '../../../src/ledger/subscribers/subscribers.ts'
import type { Transport } from '../../../src/mail/transport.ts'
import { createVerp } from '../../../src/mail/verp.ts'
import { createFeedbackModel } from '../../../src/pipeline/feedback-model.ts'
import { createLogger } from '../../../src/platform/log/log.ts'
import type { Queues } from '../../../src/queue/queues.ts'
import { createLinks } from '../../../src/security/signed-links.ts'
import { whyEmpty } from '../../../src/sources/empty-list.ts'
import type { Source } from '../../../src/sources/source.ts'
import type { App } from '../../../workers/app/app.ts'
import { createComposerFor } from '../../../workers/app/composer.ts'
import { type OpenLedger, openLedger } from '../../../workers/app/ledger.ts'
import { bindStories } from '../../../workers/app/stories.ts'
import { addSubscribersFor, openInstallation, type TestInstallation } from '../app.ts'
import { paperOf } from '../papers.ts'

/** The state and preferences of a subscriber from a moment on. */
export interface Stand extends Preferences {
  readonly at: Date
  readonly active: boolean
  readonly pausedUntil: Day | null
}

export interface YearSubscriber {
  readonly id: string
  readonly email: string
  readonly stands: Stand[]
}

export type YearAction =
  | { readonly kind: 'prefer'; readonly wanted: Partial<Preferences> }
  | { readonly kind: 'pause'; readonly days: number | null }
  | { readonly kind: 'resume' }

export interface YearMail {
  readonly to: string
  readonly at: Date
}

/** The sources on a day: their papers, or why there are none, and the hours of an outage. */
export interface ListOf {
  readonly papers: readonly string[]
  readonly downHours: number
}

/** Runs the real stories on a real ledger with a transport that accepts everything and a controlled clock. */
export class Year {
  readonly subscribers: YearSubscriber[] = []
  readonly mails: YearMail[] = []
  readonly published = new Map<Day, Date>()
  readonly ledger: OpenLedger
  now: Date
  readonly #place: TestInstallation
  readonly #listOf: (day: Day) => ListOf
  readonly #awaited = new Set<Day>()
  readonly #jobs: { parcels: string[] } = { parcels: [] }
  readonly #stories: Pick<App, 'publish' | 'dispatch' | 'deliver'>

  static async open(start: Date, listOf: (day: Day) => ListOf): Promise<Year> {
    const place = await openInstallation('PostgreSQL', { mail: { template: 'react' } })
    return new Year(place, await openLedger(place.config), start, listOf)
  }

  private constructor(place: TestInstallation, ledger: OpenLedger, start: Date, listOf: (day: Day) => ListOf) {
    this.#place = place
    this.ledger = ledger
    this.now = start
    this.#listOf = listOf
    const links = createLinks(place.config.publicUrl, ledger.tokens)
    const verp = createVerp(ledger.tokens, null)
    const queues = {
      add: async (name: string, jobs: readonly { parcelId?: string }[]) => {
        if (name === 'send') this.#jobs.parcels.push(...jobs.flatMap(({ parcelId }) => parcelId ?? []))
      },
    } as unknown as Queues
    this.#stories = bindStories({
      config: place.config,
      clock: () => this.now,
      random: () => 0.5,
      ledger,
      links,
      verp,
      composer: createComposerFor(place.config, ledger, links, verp),
      transports: [this.#transport()],
      queues,
      worker: 'the year’s',
      applyUnsubscribes: async () => 0,
      log: createLogger('silent'),
      feedback: createFeedbackModel({
        editions: ledger.editions,
        subscribers: ledger.subscribers,
        clock: () => this.now,
      }),
    })
  }

  async subscribe(subscribers: readonly (Partial<Preferences> & { email: string })[]): Promise<void> {
    const { ledger } = this
    const ids = await addSubscribersFor({ ledger, clock: () => this.now } as App, subscribers)
    for (const id of ids) await this.#stand({ id, email: '', stands: [] })
  }

  async act(subscriber: YearSubscriber, act: YearAction): Promise<void> {
    const { db } = this.ledger
    const row = await readSubscriber(db, subscriber.id)
    if (row === null) throw new Error('a reader of the year is gone')
    if (act.kind === 'prefer') await savePreferences(db, subscriber.id, act.wanted, this.now)
    else if (act.kind === 'resume') await resumeSubscriber(db, row, this.now)
    else
      await pauseSubscriber(
        db,
        row,
        act.days === null ? null : addDays(dayIn(row.timezone, this.now), act.days),
        this.now,
      )
    await this.#stand(subscriber)
  }

  /** One round of the scheduler, publisher, dispatcher and worker. */
  async tick(now: Date): Promise<void> {
    this.now = now
    const today = dayIn('UTC', now)
    const yesterday = addDays(today, -1)
    // A day is asked for until it has ended everywhere; yesterday’s only where it was asked for before.
    const awaited = this.#awaited.has(yesterday) ? [yesterday] : []
    for (const day of now.getUTCHours() >= EDITION_HOUR ? [...awaited, today] : awaited) {
      if (this.published.has(day)) continue
      const { kind } = await this.#stories.publish(day, [this.#source()])
      if (kind === 'published' || kind === 'empty') this.published.set(day, now)
      else if (!isOverEverywhere(day, now)) this.#awaited.add(day)
      else this.#awaited.delete(day)
    }
    for (const subscriber of this.subscribers) this.#wake(subscriber)
    for (const { day, cohort } of await readOpenEditions(this.ledger.db, now)) {
      await this.#stories.dispatch(day, cohort === 'hour' ? { kind: 'hour', now } : { kind: cohort }, {
        waitForWindow: false,
      })
      for (const id of this.#jobs.parcels.splice(0)) {
        const { kind } = await this.#stories.deliver(id)
        if (kind !== 'settled') throw new Error(`a parcel of the year was not settled but ${kind}`)
      }
    }
  }

  hasPapers(day: Day): boolean {
    return this.#listOf(day).papers.length > 0
  }

  async close(): Promise<void> {
    await this.ledger.close()
    await this.#place.close()
  }

  /** A pause that ends by itself ends with its day’s first moment, in the zone that the reader is in by then. */
  #wake(subscriber: YearSubscriber): void {
    const stand = subscriber.stands.at(-1)
    if (stand === undefined || stand.active || stand.pausedUntil === null) return
    if (this.now >= startOfDay(stand.timezone, stand.pausedUntil))
      subscriber.stands.push({ ...stand, at: this.now, active: true, pausedUntil: null })
  }

  async #stand(subscriber: YearSubscriber): Promise<void> {
    const row = await readSubscriber(this.ledger.db, subscriber.id)
    if (row === null) throw new Error('a reader of the year is gone')
    const known = this.subscribers.find(({ id }) => id === subscriber.id)
    const stand = { ...row, at: this.now, active: row.state === 'active' }
    if (known === undefined) this.subscribers.push({ id: row.id, email: row.email, stands: [stand] })
    else known.stands.push(stand)
  }

  #transport(): Transport {
    return {
      name: 'resend',
      parcelSize: 100,
      keyLifeMs: 3_600_000,
      keyCovers: 'parcel',
      send: async ({ messages }) => {
        for (const { to } of messages) this.mails.push({ to, at: this.now })
        return messages.map(({ id }) => ({ kind: 'accepted', providerId: id }))
      },
      check: async () => ({ ok: true, note: '' }),
      close: async () => {},
    }
  }

  #source(): Source {
    return {
      name: 'huggingface',
      keepsLists: true,
      read: async (day) => {
        const { papers, downHours } = this.#listOf(day)
        const opened = Date.parse(`${day}T00:00:00Z`) + (EDITION_HOUR + downHours) * 3_600_000
        if (dayIn('UTC', this.now) === day && this.now.getTime() < opened) return { kind: 'failed', reason: 'down' }
        if (papers.length === 0) return { kind: 'empty', reason: whyEmpty(day, this.now) }
        const age = Math.floor((this.now.getTime() - Date.parse(`${day}T00:00:00Z`)) / 86_400_000)
        const listings = papers
          // The last paper of each list is a day late. Votes rise daily, at different speeds.
          .slice(0, age === 0 ? -1 : papers.length)
          .map((id, index) => ({
            paper: paperOf(id),
            signals: { upvotes: 20 - index * 2 + age * (index % 3) * 9, comments: null, stars: null },
          }))
        return { kind: 'listed', listings, dropped: { count: 0, reasons: [] }, observedAt: this.now }
      },
    }
  }
}

const EDITION_HOUR = 6
