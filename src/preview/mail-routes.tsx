import type { FastifyInstance, FastifyReply } from 'fastify'
import { renderToStaticMarkup } from 'react-dom/server'
import type { TemplateEngine } from '../rendering/digest/props.ts'
import { mailedBytes } from '../rendering/fragment.ts'
import { checkMessage } from './checks/all.ts'
import { checkSpam } from './checks/spam.ts'
import { CheckRow, Checks } from './pages/checks.tsx'
import { FaultBox } from './pages/pane.tsx'
import { renderShell } from './pages/shell.tsx'
import type { PreviewMail, PreviewMails } from './preview-mails.ts'
import { type PreviewQuery, readPreviewQuery } from './query.ts'
import { AXE_POLICY, clip, intoHead, mailPolicy, sandboxed } from './sandbox.ts'

interface MailRouteDeps {
  readonly mails: PreviewMails
  readonly engine: TemplateEngine
  readonly publicUrl: string
  /** Whether axe-core can be served. */
  readonly axe: boolean
}

type QueryRequest = { Querystring: Record<string, unknown> }

/** Adds the routes of the mails, for frames and downloads, and of their checks. */
export function addMailRoutes(server: FastifyInstance, { mails, engine, publicUrl, axe }: MailRouteDeps): void {
  const find = async (query: Record<string, unknown>): Promise<{ settings: PreviewQuery; mail: PreviewMail }> => {
    const settings = readPreviewQuery(query, engine)
    return { settings, mail: await mails.mail(settings) }
  }
  server.get<QueryRequest>('/mail', async ({ query }, reply) => {
    const { settings, mail } = await find(query)
    if (mail.kind !== 'mail') return sendNoMail(reply, mail)
    const html = settings.view === 'clipped' ? clip(mail.message.html) : mail.message.html
    return reply
      .header('content-security-policy', mailPolicy(settings.images))
      .type('text/html; charset=utf-8')
      .send(sandboxed(html, settings))
  })
  server.get<QueryRequest>('/mail.eml', async ({ query }, reply) => {
    const { mail } = await find(query)
    if (mail.kind !== 'mail') return sendNoMail(reply, mail)
    return reply
      .header('content-disposition', `attachment; filename="${mail.message.id}.eml"`)
      .type('message/rfc822')
      .send(mail.eml)
  })
  server.get<QueryRequest>('/axe', async ({ query }, reply) => {
    const { settings, mail } = await find(query)
    if (mail.kind !== 'mail') return sendNoMail(reply, mail)
    const scripts = `${axe ? '<script src="/assets/axe.js" defer></script>' : ''}<script src="/assets/axe-run.js" defer></script>`
    return reply
      .header('content-security-policy', AXE_POLICY)
      .type('text/html; charset=utf-8')
      .send(intoHead(sandboxed(mail.message.html, settings), scripts))
  })
  server.get<QueryRequest>('/checks', async ({ query }, reply) => {
    const { mail } = await find(query)
    if (mail.kind !== 'mail') return sendNoMail(reply, mail)
    const found = await checkMessage(mail.message, publicUrl)
    if (query.as === 'json') return reply.send(found)
    return sendFragment(reply, <Checks {...found} bytes={mailedBytes(mail.message.html)} />)
  })
  server.get<QueryRequest>('/spam', async ({ query }, reply) => {
    const { mail } = await find(query)
    if (mail.kind !== 'mail') return sendNoMail(reply, mail)
    return sendFragment(reply, <CheckRow check={await checkSpam(mail.eml)} />)
  })
}

function sendFragment(reply: FastifyReply, fragment: React.ReactElement) {
  return reply.type('text/html; charset=utf-8').send(renderToStaticMarkup(fragment))
}

/** Sends the reason why there is no mail as a page for the frame. */
function sendNoMail(reply: FastifyReply, mail: Exclude<PreviewMail, { kind: 'mail' }>) {
  const page = mail.kind === 'fault' ? <FaultBox fault={mail.fault} /> : <p className="nothing">{mail.why}</p>
  return reply
    .status(mail.kind === 'fault' ? 500 : 404)
    .header('content-security-policy', "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'self'")
    .type('text/html; charset=utf-8')
    .send(renderShell('No mail', <main className="narrow">{page}</main>))
}
