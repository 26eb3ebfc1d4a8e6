import type { FastifyInstance, FastifyReply } from 'fastify'
import { renderToStaticMarkup } from 'react-dom/server'
import type { TemplateEngine } from '../rendering/digest/props.ts'
import type { Check } from './checks/check.ts'
import type { SpamRuns } from './checks/spam-runs.ts'
import { SpamRow } from './pages/checks.tsx'
import type { PreviewMails } from './preview-mails.ts'
import { type PreviewQuery, readPreviewQuery } from './query.ts'

interface SpamRouteDeps {
  readonly mails: PreviewMails
  readonly engine: TemplateEngine
  readonly runs: SpamRuns
}

type QueryRequest = { Querystring: Record<string, unknown> }

/** Adds the spam score of a mail, which waits for SpamAssassin, and the button that stops it. */
export function addSpamRoutes(server: FastifyInstance, { mails, engine, runs }: SpamRouteDeps): void {
  server.addHook('onClose', async () => runs.close())
  server.get<QueryRequest>('/spam', async ({ query }, reply) => {
    const settings = readPreviewQuery(query, engine)
    const mail = await mails.mail(settings)
    if (mail.kind !== 'mail') return reply.callNotFound()
    const gone = new AbortController()
    // A page that is closed no longer waits for the answer.
    reply.raw.on('close', () => gone.abort())
    return sendRow(reply, settings, await runs.check(mail.eml, gone.signal))
  })
  server.post<QueryRequest>('/spam/stop', async ({ query }, reply) => {
    const mail = await mails.mail(readPreviewQuery(query, engine))
    if (mail.kind !== 'mail') return reply.callNotFound()
    return reply.send({ stopped: runs.stop(mail.eml) })
  })
}

function sendRow(reply: FastifyReply, settings: PreviewQuery, check: Check) {
  return reply
    .type('text/html; charset=utf-8')
    .send(renderToStaticMarkup(<SpamRow check={check} settings={settings} />))
}
