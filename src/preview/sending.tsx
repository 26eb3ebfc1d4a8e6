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
  readonly desk: PreviewMails
  readonly engine: TemplateEngine
  readonly transport: Transport
  readonly newId: () => string
}

type Asked = { Querystring: Record<string, unknown>; Body: Record<string, unknown> }

/** “Send me this”: the mail that is looked at, to one address, by the configured transport. */
export function addSending(server: FastifyInstance, { desk, engine, transport, newId }: SendingDeps): void {
  server.get<Asked>('/send', async ({ query }, reply) => {
    const look = readPreviewQuery(query, engine)
    const mail = await desk.mail(look)
    if (mail.kind !== 'mail') return reply.callNotFound()
    const { subject } = marked(mail.message, '', '')
    return sendPage(reply, { look, subject, transport: transport.name, address: '', outcome: null })
  })
  server.post<Asked>('/send', async ({ query, body }, reply) => {
    const look = readPreviewQuery(query, engine)
    const mail = await desk.mail(look)
    if (mail.kind !== 'mail') return reply.callNotFound()
    const checked = checkAddress(String(body?.address ?? ''))
    const message = marked(mail.message, checked.ok ? checked.email : '', newId())
    const page = { look, subject: message.subject, transport: transport.name, address: String(body?.address ?? '') }
    if (!checked.ok)
      return sendPage(reply.status(422), { ...page, outcome: { good: false, words: `Not sent: ${checked.reason}.` } })
    const [outcome] = await transport.send({ key: message.id, messages: [message] })
    return sendPage(reply, { ...page, outcome: tell(outcome, checked.email, transport.name) })
  })
}

/** The same letter to somebody else, under an id of its own, and recognisable in an inbox. */
function marked(message: Message, to: string, id: string): Message {
  const domain = message.messageId.slice(message.messageId.indexOf('@') + 1)
  return {
    ...message,
    to,
    id: `preview-${id}`,
    messageId: `preview.${id}@${domain}`,
    subject: `[Preview] ${message.subject}`,
    tags: { ...message.tags, kind: 'preview' },
  }
}

function tell(outcome: Outcome | undefined, to: string, transport: string): NonNullable<SendProps['outcome']> {
  switch (outcome?.kind) {
    case 'accepted':
      return { good: true, words: `${transport} took it for ${to}: ${outcome.providerId}` }
    case 'refused':
    case 'deferred':
      return { good: false, words: `Not sent: ${outcome.reason}` }
    default:
      return { good: false, words: `It may or may not have gone out: ${outcome?.reason ?? 'no answer came'}` }
  }
}

function sendPage(reply: FastifyReply, props: SendProps) {
  return reply
    .header('content-security-policy', PAGE_POLICY)
    .type('text/html; charset=utf-8')
    .send(renderShell('Send me this', <SendPage {...props} />))
}
