import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { simpleParser } from 'mailparser'
import { OUTBOX_SHOWN_MAX } from '../../config/limits.ts'
import { OutboxList, type OutboxMail } from './outbox-page.tsx'
import { MAIL_SECURITY_POLICY } from './policy.ts'
import { keepPrivate, type Site, sendPrivatePage } from './site.ts'

const MAIL_NAME = /^[A-Za-z0-9._-]+\.eml$/

/** `/outbox`: the mails that the outbox transport wrote, to be read in the browser. For the demo, on loopback. */
export function addOutboxPages(web: FastifyInstance, site: Site, dir: string): void {
  web.get('/outbox', async (_request, reply) => {
    const mails = await readMails(dir)
    return sendPrivatePage(reply, site, { title: 'Outbox', canonical: null, content: <OutboxList mails={mails} /> })
  })
  web.get<{ Params: { name: string; part: string } }>('/outbox/:name/:part', async ({ params }, reply) => {
    const mail = MAIL_NAME.test(params.name) ? await readFile(join(dir, params.name)).catch(() => null) : null
    if (mail === null) return reply.callNotFound()
    keepPrivate(reply)
    if (params.part === 'raw') return reply.type('text/plain; charset=utf-8').send(mail)
    const parsed = await simpleParser(mail)
    if (params.part === 'text') return reply.type('text/plain; charset=utf-8').send(parsed.text ?? '')
    return reply
      .header('content-security-policy', MAIL_SECURITY_POLICY)
      .type('text/html; charset=utf-8')
      .send(parsed.html || '')
  })
}

async function readMails(dir: string): Promise<OutboxMail[]> {
  const names = (await readdir(dir).catch(() => []))
    .filter((name) => MAIL_NAME.test(name))
    .sort()
    .slice(-OUTBOX_SHOWN_MAX)
  return Promise.all(
    names.map(async (name) => {
      const { subject, to, date } = await simpleParser(await readFile(join(dir, name)))
      const address = Array.isArray(to) ? to[0] : to
      return { name, to: address?.text ?? '', subject: subject ?? '', date: date ?? null }
    }),
  )
}
