import type { FastifyInstance, FastifyReply } from 'fastify'
import { WEBHOOK_BODY_BYTES_MAX } from '../../config/limits-inbound.ts'
import type { OpenedReport } from '../mail/provider-event.ts'

export interface WebhookDeps {
  /** Verifies and parses a post to `/webhooks/resend`. Null: no secret is set, and the route does not exist. */
  readonly openResend:
    | ((
        raw: Buffer,
        headers: { id: string | undefined; timestamp: string | undefined; signature: string | undefined },
      ) => OpenedReport)
    | null
  /** Resolves after everything is recorded. */
  readonly receive: (report: OpenedReport) => Promise<{ readonly kind: string }>
}

/**
 * `POST /webhooks/resend`. A separate scope keeps the body as the exact signed bytes, whatever its content type.
 * Answers 200 once the effect is recorded; with any other status, Resend sends the event again.
 */
export function addWebhooks(web: FastifyInstance, { openResend, receive }: WebhookDeps): void {
  if (openResend === null) return
  web.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: WEBHOOK_BODY_BYTES_MAX },
      (_request, body: Buffer, done) => done(null, body),
    )
    scope.post('/webhooks/resend', { bodyLimit: WEBHOOK_BODY_BYTES_MAX }, async ({ body, headers }, reply) => {
      const report = openResend(Buffer.isBuffer(body) ? body : Buffer.alloc(0), {
        id: single(headers['svix-id']),
        timestamp: single(headers['svix-timestamp']),
        signature: single(headers['svix-signature']),
      })
      // Rejects unsigned posts before any asynchronous work.
      if (report.kind === 'refused') return answer(reply, report.status, { error: report.why })
      const { kind } = await receive(report)
      return answer(reply, 200, { ok: true, result: kind })
    })
  })
}

function single(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && header !== '' ? header : undefined
}

function answer(reply: FastifyReply, status: number, body: Readonly<Record<string, unknown>>) {
  return reply.status(status).header('cache-control', 'no-store').send(body)
}
