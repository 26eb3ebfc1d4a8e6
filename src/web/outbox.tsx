import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { simpleParser } from 'mailparser'
import { OUTBOX_SHOWN_MAX } from '../../config/limits.ts'
import { type OutboxMail, outboxPage } from './outbox-page.tsx'

const MAIL_NAME = /^[A-Za-z0-9._-]+\.eml$/

/** `/outbox`: the mails that the outbox transport wrote, to be read in the browser. For the demo, on loopback. */
export function addOutboxPages(web: FastifyInstance, dir: string): void {
  web.get('/', async (_request, reply) => reply.redirect('/outbox'))
  web.get('/outbox', async (_request, reply) => reply.type('text/html').send(outboxPage(await readMails(dir))))
  web.get<{ Params: { name: string; part: string } }>('/outbox/:name/:part', async ({ params }, reply) => {
    const mail = MAIL_NAME.test(params.name) ? await readFile(join(dir, params.name)).catch(() => null) : null
    if (mail === null) return reply.status(404).type('text/plain').send('There is no such mail.\n')
    if (params.part === 'raw') return reply.type('text/plain; charset=utf-8').send(mail)
    const parsed = await simpleParser(mail)
    if (params.part === 'text') return reply.type('text/plain; charset=utf-8').send(parsed.text ?? '')
    return reply.type('text/html; charset=utf-8').send(parsed.html || '')
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
