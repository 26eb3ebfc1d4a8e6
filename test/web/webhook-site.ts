import { randomUUID } from 'node:crypto'
import type { App } from '../../workers/app/app.ts'
import { startWeb } from '../../workers/web.ts'
import { addSubscribersFor, openInstallation, openTestApp, type Shape } from '../support/app.ts'
import { WEBHOOK_SECRET } from '../support/corpora/resend-events.ts'
import { readDelivery, writeDelivery } from '../support/sending/deliveries.ts'

export const RESEND = { resend: { apiKey: null, baseUrl: 'http://127.0.0.1:1', webhookSecret: WEBHOOK_SECRET } }

/** Posts to the webhook and returns the answer. */
export async function post(
  url: string,
  { body, headers }: { body: string | Buffer; headers: Readonly<Record<string, string>> },
) {
  const answer = await fetch(`${url}/webhooks/resend`, { method: 'POST', body, headers, redirect: 'manual' })
  const text = await answer.text()
  return {
    status: answer.status,
    text,
    result: text.startsWith('{') ? (JSON.parse(text).result as unknown) : undefined,
  }
}

/** Opens a website that receives webhooks of Resend. */
export async function openWebhooks(shape: Shape) {
  const place = await openInstallation(shape, RESEND)
  const app = await openTestApp(place)
  const web = await startWeb(app)
  return {
    app,
    web,
    send: (event: Parameters<typeof post>[1]) => post(web.url, event),
    /** Writes a sent delivery to a new subscriber. */
    messageFor: (name: string) => messageFor(app, name),
    close: async () => {
      await web.close()
      await app.close()
      await place.close()
    },
  }
}

async function messageFor(app: App, name: string) {
  const address = `${name}-${randomUUID().slice(0, 8)}@example.org`
  const [subscriber = ''] = await addSubscribersFor(app, [{ email: address }])
  const emailId = randomUUID()
  const id = await writeDelivery(app.ledger.db, { subscriberId: subscriber, address, providerId: emailId })
  const mark = app.verp.seal({ kind: 'delivery', id })
  const state = async () => {
    const row = await app.ledger.db
      .selectFrom('subscribers')
      .select('state')
      .where('id', '=', subscriber)
      .executeTakeFirst()
    return [(await readDelivery(app.ledger.db, id)).state, row?.state]
  }
  return { id, emailId, mark, address, state }
}
