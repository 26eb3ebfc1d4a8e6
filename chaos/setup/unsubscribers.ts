import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLinks } from '../../src/security/signed-links.ts'
import { createTokens } from '../../src/security/tokens.ts'
import { withPostgres } from '../../test/support/databases/temp-database.ts'
import { awaited, type Fleet } from '../fleet.ts'

const SUBSCRIBERS_A_REFUSED = 100
/** About three minutes of tries, because the website may be killed several times. */
const CLICKS_MAX = 600

/** Addresses that the provider refuses: one for a hundred subscribers, so that many parcels contain one. */
export function refusedOf(subscribers: number): string[] {
  return Array.from(
    { length: Math.max(2, Math.ceil(subscribers / SUBSCRIBERS_A_REFUSED)) },
    (_, n) => `refused${n}@example.org`,
  )
}

/**
 * Writes a list for the import. Most subscribers live where the clocks change and have their delivery at two, which comes twice
 * that day or not at all. The hour of the others comes at the moment of the change.
 */
export function writeSubscribers(dir: string, subscribers: number): string {
  const file = join(dir, 'readers.csv')
  // Apart from each other, because the program takes many refusals in a row for a fault of the sender.
  const refused = refusedOf(subscribers)
  const emails = Array.from({ length: subscribers }, (_, n) => [
    `r${n}@example.org`,
    ...(n % SUBSCRIBERS_A_REFUSED === 0 ? refused.splice(0, 1) : []),
  ]).flat()
  emails.push(...refused)
  const lines = emails.map((email, n) => `${email},${n % 3 === 0 ? 'UTC,1' : 'Europe/Berlin,2'},a chaos run`)
  writeFileSync(file, `${['email,timezone,hour,consent', ...lines].join('\n')}\n`)
  return file
}

/** Subscribers who leave during the run: by one-click unsubscribe, by a complaint or by erasure. */
export class Unsubscribers {
  readonly left = new Map<string, number>()
  readonly pending: Promise<void>[] = []
  readonly #fleet: Fleet
  readonly #website: string
  readonly #links
  #ids: readonly { id: string; email: string }[] = []
  #next = 0
  #databaseUrl = ''

  constructor(fleet: Fleet, website: string, secret: string) {
    this.#fleet = fleet
    this.#website = website
    this.#links = createLinks(website, createTokens([secret]))
  }

  async read(databaseUrl: string): Promise<void> {
    this.#databaseUrl = databaseUrl
    this.#ids = await this.#query(
      "select id::text, email from subscribers where email not like 'refused%' order by md5(email)",
    )
  }

  /** Lets subscribers leave at once. Of ten, one complains and one is erased, both by an operator's command. */
  leave(count: number): void {
    for (let n = 0; n < count; n += 1) {
      const subscriber = this.#ids[this.#next]
      if (subscriber === undefined) return
      this.#next += 1
      const way = this.#next % 10
      this.pending.push(
        awaited(
          way === 0 ? this.#complain(subscriber.email) : way === 5 ? this.#erase(subscriber) : this.#click(subscriber),
        ),
      )
    }
  }

  async #complain(email: string): Promise<void> {
    await this.#fleet.insist('suppressions', 'add', email, '--reason', 'complaint')
    this.left.set(email, Date.now())
  }

  /** A command that was killed may have erased the subscriber. */
  async #erase({ id, email }: { id: string; email: string }): Promise<void> {
    for (let tries = 0; tries < CLICKS_MAX; tries += 1) {
      const code = await this.#fleet.run('subscribers', 'remove', email, '--erase')
      const left =
        code === 0
          ? []
          : await this.#query('select id::text, email from subscribers where id = $1', id).catch(() => null)
      if (left?.length === 0) {
        this.left.set(email, Date.now())
        return
      }
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    throw new Error(`${email} cannot be erased`)
  }

  async #query(statement: string, ...values: string[]): Promise<{ id: string; email: string }[]> {
    const { rows } = await withPostgres(this.#databaseUrl, (client) =>
      client.query<{ id: string; email: string }>(statement, values),
    )
    return rows
  }

  async #click({ id, email }: { id: string; email: string }): Promise<void> {
    const url = this.#links.subscriber('unsubscribe', id)
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
    for (let tries = 0; tries < CLICKS_MAX; tries += 1) {
      const answer = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(5_000) }).catch(() => null)
      if (answer?.status === 200) {
        this.left.set(email, Date.now())
        return
      }
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    throw new Error(`${this.#website} never answered an unsubscribe`)
  }
}
