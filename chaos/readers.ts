import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { createLinks } from '../src/links.ts'
import { createTokens } from '../src/token.ts'
import type { Fleet } from './fleet.ts'

export const REFUSED = ['refused1@example.org', 'refused2@example.org'] as const

/** A list as an operator would import it; all readers live where the clocks change, and want their mail at two. */
export function writeReaders(dir: string, readers: number): string {
  const file = join(dir, 'readers.csv')
  const emails = [...Array.from({ length: readers }, (_, n) => `r${n}@example.org`), ...REFUSED]
  const lines = emails.map((email) => `${email},Europe/Berlin,2,a chaos run`)
  writeFileSync(file, `${['email,timezone,hour,consent', ...lines].join('\n')}\n`)
  return file
}

/** Readers who leave while the mails go out, by one click or by a complaint, and when the program had said so. */
export class Leavers {
  readonly left = new Map<string, number>()
  readonly pending: Promise<void>[] = []
  readonly #fleet: Fleet
  readonly #websites: readonly string[]
  readonly #links
  #ids: readonly { id: string; email: string }[] = []
  #next = 0

  constructor(fleet: Fleet, website: string, secret: string) {
    this.#fleet = fleet
    this.#websites = [website]
    this.#links = createLinks(website, createTokens([secret]))
  }

  async read(databaseUrl: string): Promise<void> {
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    const { rows } = await client.query<{ id: string; email: string }>(
      "select id::text, email from subscribers where email like 'r%@example.org' and email not like 'refused%' order by md5(email)",
    )
    this.#ids = rows
    await client.end()
  }

  /** So many readers leave at once; every tenth departure is a complaint that an operator notes. */
  leave(count: number): void {
    for (let n = 0; n < count; n += 1) {
      const reader = this.#ids[this.#next]
      if (reader === undefined) return
      this.#next += 1
      this.pending.push(this.#next % 10 === 0 ? this.#complain(reader.email) : this.#click(reader))
    }
  }

  async #complain(email: string): Promise<void> {
    await this.#fleet.insist('suppressions', 'add', email, '--reason', 'complaint')
    this.left.set(email, Date.now())
  }

  async #click({ id, email }: { id: string; email: string }): Promise<void> {
    const url = this.#links.reader('unsubscribe', id)
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
    for (let tries = 0; tries < 100; tries += 1) {
      const answer = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(5_000) }).catch(() => null)
      if (answer?.status === 200) {
        this.left.set(email, Date.now())
        return
      }
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    throw new Error(`${this.#websites[0]} never answered a departure`)
  }
}
