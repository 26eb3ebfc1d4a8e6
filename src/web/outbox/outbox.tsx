import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser'
import { OUTBOX_SHOWN_MAX } from '../../../config/limits.ts'
import type { Site } from '../layout/page.ts'
import { keepPrivate, sendPrivatePage } from '../layout/site.ts'
import { MAIL_SECURITY_POLICY } from '../requests/policy.ts'
import { OutboxList, type OutboxMail } from './outbox-page.tsx'

const MAIL_NAME = /^[A-Za-z0-9._-]+\.eml$/

/** The messages of a folder that may be shown. */
export interface ShownOutbox {
  readonly dir: string
  /** Null: all messages. */
  readonly onlyTo: readonly string[] | null
}

/**
 * `/outbox` shows the messages that the outbox transport wrote. It is for the demo on loopback. Other users of the
 * machine can reach it too, so the demo shows only messages to its sample subscribers.
 */
export function addOutboxPages(web: FastifyInstance, site: Site, { dir, onlyTo }: ShownOutbox): void {
  const isShown = ({ to }: ParsedMail) => onlyTo === null || onlyTo.includes(addressOf(to)?.value[0]?.address ?? '')
  web.get('/outbox', async (_request, reply) => {
    const mails = await readMails(dir, isShown)
    return sendPrivatePage(reply, site, { title: 'Outbox', canonical: null, content: <OutboxList mails={mails} /> })
  })
  web.get<{ Params: { name: string; part: string } }>('/outbox/:name/:part', async ({ params }, reply) => {
    const mail = MAIL_NAME.test(params.name) ? await readFile(join(dir, params.name)).catch(() => null) : null
    if (mail === null) return reply.callNotFound()
    const parsed = await simpleParser(mail)
    if (!isShown(parsed)) return reply.callNotFound()
    keepPrivate(reply)
    if (params.part === 'raw') return reply.type('text/plain; charset=utf-8').send(mail)
    if (params.part === 'text') return reply.type('text/plain; charset=utf-8').send(parsed.text ?? '')
    return reply
      .header('content-security-policy', MAIL_SECURITY_POLICY)
      .type('text/html; charset=utf-8')
      .send(parsed.html || '')
  })
}

async function readMails(dir: string, isShown: (mail: ParsedMail) => boolean): Promise<OutboxMail[]> {
  const names = (await readdir(dir).catch(() => []))
    .filter((name) => MAIL_NAME.test(name))
    .sort()
    .slice(-OUTBOX_SHOWN_MAX)
  const mails = await Promise.all(
    names.map(async (name) => {
      const mail = await simpleParser(await readFile(join(dir, name)))
      const { subject = '', to, date = null } = mail
      return isShown(mail) ? [{ name, to: addressOf(to)?.text ?? '', subject, date }] : []
    }),
  )
  return mails.flat()
}

function addressOf(to: ParsedMail['to']): AddressObject | undefined {
  return Array.isArray(to) ? to[0] : to
}
