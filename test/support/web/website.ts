import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import type { ParsedMail } from 'mailparser'
import { countOpenTransactionals } from '../../../src/ledger/deliveries/transactional.ts'
import { createWeb } from '../../../src/web/app.ts'
import type { App } from '../../../workers/app/app.ts'
import { type Running, startSending } from '../../../workers/send.ts'
import { webDepsOf } from '../../../workers/web.ts'
import { openInstallation, openTestApp, readOutbox, type Shape, type TestInstallation } from '../app.ts'
import { until } from '../until.ts'

/** A whole installation with its website, its workers and a clock that a test turns. */
export interface Website {
  readonly app: App
  readonly web: FastifyInstance
  readonly place: TestInstallation
  /** Turns the clock forward. */
  pass(ms: number): void
  post(path: string, fields: Record<string, string>, ip?: string): Promise<LightMyRequestResponse>
  get(path: string, method?: 'GET' | 'HEAD'): Promise<LightMyRequestResponse>
  /** A form token as a page shows it, old enough to be sent. */
  freshForm(): Promise<string>
  /** Waits until every sign-up is taken up and every notice is sent, and reads all mails. */
  mails(): Promise<ParsedMail[]>
  state(email: string): Promise<string | null>
  close(): Promise<void>
}

export async function openWebsite(
  shape: Shape = 'embedded',
  over: Parameters<typeof openInstallation>[1] = {},
  { workers = true }: { readonly workers?: boolean } = {},
): Promise<Website> {
  const place = await openInstallation(shape, over)
  let now = Date.parse('2026-11-24T09:30:00Z')
  const app = await openTestApp(place, () => new Date(now))
  const web = await createWeb(webDepsOf(app, null))
  const sending: Running | null = workers ? await startSending(app) : null
  const { db } = app.ledger
  const get = (path: string, method: 'GET' | 'HEAD' = 'GET') => web.inject({ method, url: path })
  return {
    app,
    web,
    place,
    pass: (ms) => {
      now += ms
    },
    get,
    post: (path, fields, ip = '192.0.2.1') =>
      web.inject({
        method: 'POST',
        url: path,
        payload: new URLSearchParams(fields).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': ip },
      }),
    async freshForm() {
      const token = /name="form" value="([^"]+)"/.exec((await get('/subscribe')).body)?.[1] ?? ''
      now += 5_000
      return token
    },
    async mails() {
      await until('all sign-ups taken up and all notices sent', async () => {
        const open = await db.selectFrom('sign_ups').select('id').where('state', '=', 'queued').execute()
        return open.length === 0 && (await countOpenTransactionals(db)) === 0
      })
      return readOutbox(place.outbox).catch(() => [])
    },
    async state(email) {
      const row = await db.selectFrom('subscribers').select('state').where('email_key', '=', email).executeTakeFirst()
      return row?.state ?? null
    },
    async close() {
      await sending?.close()
      await web.close()
      await app.close()
      await place.close()
    },
  }
}

/** The path of the one link of a kind in a mail. */
export function linkIn(mail: ParsedMail | undefined, kind: 'confirm' | 'preferences' | 'unsubscribe'): string {
  const url = new RegExp(`https://\\S+/${kind}/\\S+`).exec(mail?.text ?? '')?.[0]
  if (url === undefined) throw new Error(`there is no ${kind} link in the mail`)
  return new URL(url).pathname
}
