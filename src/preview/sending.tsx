import type { FastifyInstance, FastifyReply } from 'fastify'
import { checkAddress } from '../domain/subscriber.ts'
import type { Outcome } from '../mail/outcome.ts'
import type { Message, Transport } from '../mail/transport.ts'
import type { TemplateEngine } from '../rendering/digest/props.ts'
import { PAGE_POLICY } from './guard.ts'
import { SendPage, type SendProps } from './pages/send.tsx'
import { renderShell } from './pages/shell.tsx'
import type { PreviewMails } from './preview-mails.ts'
import { readPreviewQuery } from './query.ts'

interface SendingDeps {
  readonly mails: PreviewMails
  readonly engine: TemplateEngine
  readonly transport: Transport
  readonly newId: () => string
}

type SendRequest = { Querystring: Record<string, unknown>; Body: Record<string, unknown> }

/** Adds “Send me this”, which sends the shown mail to one address through the configured transport. */
export function addSending(server: FastifyInstance, { mails, engine, transport, newId }: SendingDeps): void {
  server.get<SendRequest>('/send', async ({ query }, reply) => {
    const settings = readPreviewQuery(query, engine)
    const mail = await mails.mail(settings)
    if (mail.kind !== 'mail') return reply.callNotFound()
    const { subject } = markAsPreview(mail.message, '', '')
    return sendPage(reply, { settings, subject, transport: transport.name, address: '', outcome: null })
  })
  server.post<SendRequest>('/send', async ({ query, body }, reply) => {
    const settings = readPreviewQuery(query, engine)
    const mail = await mails.mail(settings)
    if (mail.kind !== 'mail') return reply.callNotFound()
    const checked = checkAddress(String(body?.address ?? ''))
    const message = markAsPreview(mail.message, checked.ok ? checked.email : '', newId())
    const page = { settings, subject: message.subject, transport: transport.name, address: String(body?.address ?? '') }
    if (!checked.ok)
      return sendPage(reply.status(422), { ...page, outcome: { good: false, words: `Not sent: ${checked.reason}.` } })
    const [outcome] = await transport.send({ key: message.id, messages: [message] })
    return sendPage(reply, { ...page, outcome: describeOutcome(outcome, checked.email, transport.name) })
  })
}

/** Returns the message for another recipient, with its own id and a marked subject. */
function markAsPreview(message: Message, to: string, id: string): Message {
  const domain = message.messageId.slice(message.messageId.indexOf('@') + 1)
  return {
    ...message,
    // A digest joins its parts on access.
    html: message.html,
    text: message.text,
    to,
    id: `preview-${id}`,
    messageId: `preview.${id}@${domain}`,
    subject: `[Preview] ${message.subject}`,
    tags: { ...message.tags, kind: 'preview' },
  }
}

function describeOutcome(
  outcome: Outcome | undefined,
  to: string,
  transport: string,
): NonNullable<SendProps['outcome']> {
  switch (outcome?.kind) {
    case 'accepted':
      return { good: true, words: `Sent to ${to} through ${transport}: ${outcome.providerId}` }
    case 'refused':
    case 'deferred':
      return { good: false, words: `Not sent: ${outcome.reason}` }
    default:
      return { good: false, words: `It may or may not have been sent: ${outcome?.reason ?? 'no answer'}` }
  }
}

function sendPage(reply: FastifyReply, props: SendProps) {
  return reply
    .header('content-security-policy', PAGE_POLICY)
    .type('text/html; charset=utf-8')
    .send(renderShell('Send me this', <SendPage {...props} />))
}
