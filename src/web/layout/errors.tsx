import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { UNAVAILABLE_RETRY_SECONDS } from '../../../config/limits.ts'
import { isUnavailable } from '../../ledger/connection/reconnecting-pool.ts'
import type { Logger } from '../../platform/log.ts'
import type { Site } from './page.ts'
import { sendPrivatePage } from './site.ts'

interface Trouble {
  readonly title: string
  readonly words: string
}

const TROUBLES: Readonly<Record<number, Trouble>> = {
  400: { title: 'That could not be read', words: 'What was sent is not what this page takes. Please try again.' },
  404: { title: 'Nothing is here', words: 'The address may be mistyped, or the page may have moved.' },
  408: { title: 'That took too long', words: 'The connection broke off. Please try again.' },
  413: { title: 'Too much at once', words: 'What was sent is larger than this page takes.' },
  415: { title: 'That could not be read', words: 'What was sent is in a form that this page does not take.' },
  429: { title: 'Too many requests', words: 'Please wait a minute and try again.' },
  500: { title: 'Something went wrong here', words: 'It is our fault, and it is noted. Please try again in a moment.' },
  503: {
    title: 'Back in a moment',
    words: 'We cannot answer right now. Please try again in a minute; nothing is lost.',
  },
}

/**
 * Adds the pages that a reader sees when another cannot be shown. Details go to the log, never to the page: the words of a library or a
 * driver name hosts, folders and tables.
 */
export function addErrorPages(
  web: FastifyInstance,
  { site, log }: { readonly site: Site; readonly log: Logger },
): void {
  web.setNotFoundHandler(async (_request, reply) => sendErrorPage(reply, site, 404))
  web.setErrorHandler(async (error: FastifyError, request, reply) => {
    const status = statusOf(error, request)
    // The route's pattern, never the address: that may hold a token.
    if (status >= 500) log.error({ reason: error.message, route: request.routeOptions.url }, 'a request failed')
    return sendErrorPage(reply, site, status)
  })
}

function statusOf(error: FastifyError, request: FastifyRequest): number {
  if (isUnavailable(error)) return 503
  const status = error.statusCode ?? (isBrokenBody(request, error) ? 400 : 500)
  return Math.min(status, 500)
}

// The multipart parser's own errors carry no status: a body that breaks off is the sender's fault, and no alarm.
function isBrokenBody({ headers }: FastifyRequest, { message }: FastifyError): boolean {
  return (headers['content-type'] ?? '').startsWith('multipart/') && /multipart|boundary|malformed part/i.test(message)
}

/** Sends the page for `status`, with `words` where the reader can do something about it. */
export function sendErrorPage(reply: FastifyReply, site: Site, status: number, words?: string) {
  const known = TROUBLES[status]
  const problem = { title: known?.title ?? 'That did not work', words: words ?? known?.words ?? 'Please try again.' }
  if (status === 503) reply.header('retry-after', String(UNAVAILABLE_RETRY_SECONDS))
  return sendPrivatePage(
    reply,
    site,
    {
      title: problem.title,
      canonical: null,
      content: (
        <section className="notice-page">
          <h1>{problem.title}</h1>
          <p className="lead">{problem.words}</p>
          <p>
            <a href="/">Today’s papers</a>
          </p>
        </section>
      ),
    },
    status,
  )
}
