import { withPostgres } from '../../test/support/databases/temp-database.ts'
import type { Fleet } from '../fleet.ts'
import type { MovedClock } from './clock.ts'

const HELD_MS = 600_000 // A longer pause is an exhausted quota. Shorter ones end by themselves.

/** An operator who buys more quota when it is exhausted, and runs `paperround resume`. */
export class ChaosOperator {
  resumed = 0
  readonly #fleet: Fleet
  readonly #databaseUrl: string
  readonly #clock: MovedClock
  readonly #everyMs: number
  #timer: NodeJS.Timeout | null = null
  #closed = false

  constructor(fleet: Fleet, databaseUrl: string, clock: MovedClock, everyMs: number) {
    this.#fleet = fleet
    this.#databaseUrl = databaseUrl
    this.#clock = clock
    this.#everyMs = everyMs
  }

  begin(): void {
    this.#timer = setTimeout(() => {
      // The servers may be down; the next look tries again.
      void this.#look()
        .catch(() => {})
        .then(() => {
          if (!this.#closed) this.begin()
        })
    }, this.#everyMs)
  }

  close(): void {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  async #look(): Promise<void> {
    const until = new Date(this.#clock.programNow().getTime() + HELD_MS)
    const { rowCount } = await withPostgres(this.#databaseUrl, (client) =>
      client.query('select from transport_pauses where paused_until > $1', [until]),
    )
    if (rowCount === 0) return
    if ((await this.#fleet.run('resume')) === 0) this.resumed += 1
  }
}
