import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const LEAP_MS = 24 * 3_600_000
const HEARD_MS = 2_000 // By then every process has read its clock anew (chaos/preload.js).

/**
 * The clock of the program's processes, and the provider's for its keys: ahead of the real one by as much as a file says.
 * The harness itself counts in real time, so what it reads of the program's it takes back.
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

  /** A whole day passes at once. The provider forgets last: no caller may be slower than the one that keeps its keys. */
  async leap(): Promise<void> {
    this.#offsetMs += LEAP_MS
    this.#leaptAt = Date.now()
    this.#write()
    await pause(HEARD_MS)
    this.#providerMs = this.#offsetMs
  }

  readonly programNow = (): Date => new Date(Date.now() + this.#offsetMs)

  readonly providerNow = (): Date => new Date(Date.now() + this.#providerMs)

  /** When a moment of the program's or of the provider's clock really was. */
  readonly real = (moment: number): number => {
    const now = moment - this.#offsetMs
    // A moment before the leap would lie a day before the run.
    return this.leapt && now < this.#leaptAt - HEARD_MS ? now + LEAP_MS : now
  }

  /** Whether something that the program dated so was begun before the leap. */
  readonly beforeLeap = (moment: number): boolean => this.leapt && this.real(moment) < this.#leaptAt + HEARD_MS

  #write(): void {
    writeFileSync(this.file, String(this.#offsetMs))
  }
}
