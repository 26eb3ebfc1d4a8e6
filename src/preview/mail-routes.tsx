import type { FastifyInstance, FastifyReply } from 'fastify'
import { renderToStaticMarkup } from 'react-dom/server'
import type { TemplateEngine } from '../rendering/digest/props.ts'
import { mailedBytes } from '../rendering/fragment.ts'
import { checkMessage } from './checks/all.ts'
import { readClients } from './checks/client-names.ts'
import { Checks } from './pages/checks.tsx'
import { FaultBox } from './pages/pane.tsx'
import { renderShell } from './pages/shell.tsx'
import type { PreviewMail, PreviewMails } from './preview-mails.ts'
import { fileName, type PreviewQuery, readPreviewQuery } from './query.ts'
import { AXE_POLICY, clip, intoHead, mailPolicy, type ServedPicture, sandboxed, withPictures } from './sandbox.ts'

interface MailRouteDeps {
  readonly mails: PreviewMails
  readonly engine: TemplateEngine
  readonly publicUrl: string
  /** The pictures of BRAND_FILE by their names. */
  readonly pictures: ReadonlyMap<string, ServedPicture>
  /** Whether axe-core can be served. */
  readonly axe: boolean
}

type QueryRequest = { Querystring: Record<string, unknown> }

/** Adds the routes of the mails, for frames and downloads, and of their checks. */
export function addMailRoutes(server: FastifyInstance, deps: MailRouteDeps): void {
  const { mails, engine, publicUrl, axe } = deps
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
      .send(shownHtml(html, settings, deps))
  })
  server.get<QueryRequest>('/axe', async ({ query }, reply) => {
    const { settings, mail } = await find(query)
    if (mail.kind !== 'mail') return sendNoMail(reply, mail)
    const scripts = `${axe ? '<script src="/assets/axe.js" defer></script>' : ''}<script src="/assets/axe-run.js" defer></script>`
    return reply
      .header('content-security-policy', AXE_POLICY)
      .type('text/html; charset=utf-8')
      .send(intoHead(shownHtml(mail.message.html, settings, deps), scripts))
  })
  server.get<QueryRequest>('/checks', async ({ query }, reply) => {
    const { settings, mail } = await find(query)
    if (mail.kind !== 'mail') return sendNoMail(reply, mail)
    const found = await checkMessage(mail.message, publicUrl, readClients(String(query.clients ?? '')))
    if (query.as === 'json') return reply.send(found)
    return sendFragment(reply, <Checks {...found} bytes={mailedBytes(mail.message.html)} settings={settings} />)
  })
  addDownloads(server, deps)
}

/** The parts of a mail as files to save, and as plain text to copy. */
function addDownloads(server: FastifyInstance, deps: MailRouteDeps): void {
  const { mails, engine } = deps
  server.get<QueryRequest>('/mail.eml', async ({ query }, reply) => {
    const mail = await mails.mail(readPreviewQuery(query, engine))
    if (mail.kind !== 'mail') return sendNoMail(reply, mail)
    return reply
      .header('content-disposition', `attachment; filename="${mail.message.id}.eml"`)
      .type('message/rfc822')
      .send(mail.eml)
  })
  server.get<QueryRequest>('/mail.html', async ({ query }, reply) => {
    const settings = readPreviewQuery(query, engine)
    const mail = await mails.mail(settings)
    if (mail.kind !== 'mail') return sendNoMail(reply, mail)
    return reply
      .header('content-disposition', `attachment; filename="${fileName(settings)}.html"`)
      .header('content-security-policy', mailPolicy(settings.images))
      .type('text/html; charset=utf-8')
      .send(shownHtml(mail.message.html, settings, deps))
  })
  server.get<QueryRequest>('/raw', async ({ query }, reply) => {
    const settings = readPreviewQuery(query, engine)
    reply.type('text/plain; charset=utf-8')
    if (query.part === 'template') {
      const source = await mails.source(settings)
      return source.kind === 'source' ? reply.send(source.file.text) : reply.status(404).send(source.why)
    }
    const mail = await mails.mail(settings)
    if (mail.kind === 'nothing') return reply.status(404).send(mail.why)
    if (mail.kind === 'fault') return reply.status(500).send(`The template has an error: ${mail.fault.words}`)
    return reply.send(query.part === 'text' ? mail.message.text : mail.message.html)
  })
}

function shownHtml(html: string, settings: PreviewQuery, { publicUrl, pictures }: MailRouteDeps): string {
  return sandboxed(withPictures(html, publicUrl, pictures), settings)
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
