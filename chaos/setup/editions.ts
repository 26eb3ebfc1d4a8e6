import { writePapers } from '../../test/support/invented-papers.ts'
import { awaited, type Fleet } from '../fleet.ts'

/** A change of the clocks in Berlin. The seed decides which one a run contains. */
export interface ClockChange {
  readonly name: string
  readonly at: number
  readonly day: string
}

export const CLOCK_CHANGES: readonly [ClockChange, ClockChange] = [
  { name: 'winter time begins', at: Date.parse('2026-10-25T01:00:00Z'), day: '2026-10-25' }, // 03:00 becomes 02:00.
  { name: 'summer time begins', at: Date.parse('2026-03-29T01:00:00Z'), day: '2026-03-29' }, // 02:00 becomes 03:00.
]

/** Name of the file with the papers of the schedulers’ edition. */
export const SCHEDULED = 'scheduled'

export const PAPERS_A_DAY = 5

const DAY_MS = 86_400_000
const DAYS_BEFORE = 24

/**
 * Starts editions of past days, each with two `run`s at once, beside the edition of the schedulers. With `onlyOne`, the `run`s
 * always start the edition of the schedulers.
 */
export class Editions {
  readonly pending: Promise<void>[] = []
  readonly #fleet: Fleet
  readonly #dir: string
  readonly #clockChange: ClockChange
  readonly #onlyOne: boolean
  #begun = 0
  #scheduled = 1

  constructor(fleet: Fleet, dir: string, clockChange: ClockChange, onlyOne = false) {
    this.#fleet = fleet
    this.#dir = dir
    this.#clockChange = clockChange
    this.#onlyOne = onlyOne
  }

  /** Number of editions that everyone must receive. */
  get expected(): number {
    return this.#begun + this.#scheduled
  }

  begin(): void {
    if (this.#onlyOne) {
      this.#runTwice(this.#clockChange.day)
      return
    }
    if (this.#begun >= DAYS_BEFORE) return
    const date = this.#dayFromTurn(this.#begun - DAYS_BEFORE)
    this.#begun += 1
    this.#runTwice(date, '--source', writePapers(this.#dir, date, PAPERS_A_DAY))
  }

  /** Writes the papers of the day after the change of the clocks. */
  nextDay(): void {
    this.#scheduled += 1
    writePapers(this.#dir, this.#dayFromTurn(1), PAPERS_A_DAY, SCHEDULED)
  }

  #runTwice(date: string, ...more: string[]): void {
    for (let n = 0; n < 2; n += 1) this.pending.push(awaited(this.#fleet.insist('run', '--date', date, ...more)))
  }

  #dayFromTurn(days: number): string {
    return new Date(Date.parse(this.#clockChange.day) + days * DAY_MS).toISOString().slice(0, 10)
  }
}
