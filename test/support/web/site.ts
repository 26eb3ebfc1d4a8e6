import { existsSync } from 'node:fs'
import type { FastifyInstance, InjectOptions } from 'fastify'
import type { ParsedMail } from 'mailparser'
import { type Day, day } from '../../../src/domain/day.ts'
import { sampleSource } from '../../../src/sources/sample.ts'
import type { Source } from '../../../src/sources/source.ts'
import { createWeb } from '../../../src/web/app.ts'
import type { App } from '../../../workers/app/app.ts'
import { webDepsOf } from '../../../workers/web.ts'
import { openInstallation, openTestApp, readOutbox, type Shape, type TestInstallation } from '../app.ts'

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

/** The website with its ledger, its mails and a clock that the test holds. */
export interface TestSite {
  readonly app: App
  readonly place: TestInstallation
  readonly web: FastifyInstance
  readonly clock: { now: Date }
  /** A page by its path or by a whole link of ours. */
  get(url: string, options?: InjectOptions): Promise<Answer>
  /** A form as a browser posts it. */
  post(
    url: string,
    fields?: Readonly<Record<string, string | readonly string[]>>,
    options?: InjectOptions,
  ): Promise<Answer>
  /** Publishes sample papers for the day of the clock, dispatches and delivers them; answers the new mails. */
  morning(source?: Source): Promise<ParsedMail[]>
  /** Sends the notices that are queued; answers the new mails. */
  sendTransactionals(): Promise<ParsedMail[]>
  close(): Promise<void>
}

export interface Answer {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>
}

export async function openSite(
  options: {
    readonly shape?: Shape
    readonly now?: string
    readonly config?: Parameters<typeof openInstallation>[1]
  } = {},
): Promise<TestSite> {
  const clock = { now: new Date(options.now ?? '2026-11-24T09:00:00Z') } // A Tuesday.
  const place = await openInstallation(options.shape ?? 'embedded', options.config)
  const app = await openTestApp(place, () => clock.now)
  const web = await createWeb(webDepsOf(app, null))
  const seen = new Set<string | undefined>()
  const newMails = async () => {
    const mails = existsSync(place.outbox) ? await readOutbox(place.outbox) : []
    const fresh = mails.filter(({ messageId }) => !seen.has(messageId))
    for (const { messageId } of fresh) seen.add(messageId)
    return fresh
  }
  const inject = async (given: InjectOptions): Promise<Answer> => {
    const answer = await web.inject(given)
    return { status: answer.statusCode, body: answer.body, headers: answer.headers }
  }
  return {
    app,
    place,
    web,
    clock,
    get: (url, more = {}) => inject({ method: 'GET', url: pathOf(url), ...more }),
    post: (url, fields = {}, more = {}) =>
      inject({
        method: 'POST',
        url: pathOf(url),
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
        payload: formOf(fields),
        ...more,
      }),
    async morning(source: Source = sampleSource({ clock: app.clock })) {
      await deliverDay(app, day(clock.now.toISOString().slice(0, 10)), source)
      return newMails()
    },
    async sendTransactionals() {
      const queued = await app.ledger.db
        .selectFrom('transactional_emails')
        .select('id')
        .where('state', '=', 'queued')
        .execute()
      for (const { id } of queued) await app.deliverTransactional(id)
      return newMails()
    },
    async close() {
      await web.close()
      await app.close()
      await place.close()
    },
  }
}

/** Publishes, dispatches and delivers a day without queue workers, so that a test knows when it is done. */
async function deliverDay(app: App, on: Day, source: Source): Promise<void> {
  await app.publish(on, [source])
  await app.dispatch(on, { kind: 'everyone' }, { waitForWindow: false })
  const parcels = await app.ledger.db.selectFrom('parcels').select('id').where('state', '!=', 'settled').execute()
  for (const { id } of parcels) await app.deliver(id)
}

function formOf(fields: Readonly<Record<string, string | readonly string[]>>): string {
  const form = new URLSearchParams()
  for (const [name, values] of Object.entries(fields)) for (const value of [values].flat()) form.append(name, value)
  return form.toString()
}

function pathOf(url: string): string {
  return url.replace(/^https:\/\/papers\.example\.org/, '')
}

/** Every row of every table, so that two moments can be compared. */
export async function dumpLedger(app: App): Promise<string> {
  const { rows: tables } = await app.ledger.pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  )
  const dump: string[] = []
  for (const { name } of tables) {
    const { rows } = await app.ledger.pool.query(
      `select to_jsonb(t) as row from "${name}" t order by to_jsonb(t)::text`,
    )
    dump.push(name, ...rows.map((each) => JSON.stringify(each.row)))
  }
  return dump.join('\n')
}

/** The links of a mail, each once, from both of its parts and its headers. */
export function linksIn(mail: ParsedMail): string[] {
  const html = typeof mail.html === 'string' ? mail.html.replaceAll('&amp;', '&') : ''
  const headers = mail.headerLines.map(({ line }) => line.replace(/\r?\n\s+/g, ' ')).join('\n')
  return [...new Set(`${html}\n${mail.text}\n${headers}`.match(/https:\/\/papers\.example\.org\/[^\s"'<>]*/g) ?? [])]
}
