import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const LEAP_MS = 24 * 3_600_000
const HEARD_MS = 2_000 // Every process has read the new time by then (chaos/preload.js).

/**
 * The clock of the program's processes, and of the provider's keys. A file holds its distance from real time. The harness itself
 * uses real time, so it converts the times that it reads from the ledger.
 */
export class MovedClock {
  readonly file: string
  #offsetMs: number
  #leaptAt = Number.POSITIVE_INFINITY
  #providerMs: number

  constructor(dir: string, offsetMs: number) {
    this.file = join(dir, 'clock')
    this.#offsetMs = offsetMs
    this.#providerMs = offsetMs
    this.#write()
  }

  get leapt(): boolean {
    return Number.isFinite(this.#leaptAt)
  }

  /** Moves the clock by a day. The provider moves last, so that no process still uses a key that has expired. */
  async leap(): Promise<void> {
    this.#offsetMs += LEAP_MS
    this.#leaptAt = Date.now()
    this.#write()
    await pause(HEARD_MS)
    this.#providerMs = this.#offsetMs
  }

  readonly programNow = (): Date => new Date(Date.now() + this.#offsetMs)

  readonly providerNow = (): Date => new Date(Date.now() + this.#providerMs)

  /** Converts a time of the program's or the provider's clock to real time. */
  readonly real = (moment: number): number => {
    const now = moment - this.#offsetMs
    // Without this, a time before the leap would be a day before the run.
    return this.leapt && now < this.#leaptAt - HEARD_MS ? now + LEAP_MS : now
  }

  /** Whether a time of the program was before the leap. */
  readonly beforeLeap = (moment: number): boolean => this.leapt && this.real(moment) < this.#leaptAt + HEARD_MS

  #write(): void {
    writeFileSync(this.file, String(this.#offsetMs))
  }
}
