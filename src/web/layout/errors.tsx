import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { UNAVAILABLE_RETRY_SECONDS } from '../../../config/limits-web.ts'
import { isUnavailable } from '../../ledger/connection/reconnecting-pool.ts'
import type { Logger } from '../../platform/log.ts'
import type { Site } from './page.ts'
import { sendPrivatePage } from './site.ts'

interface ErrorPage {
  readonly title: string
  readonly words: string
}

const ERROR_PAGES: Readonly<Record<number, ErrorPage>> = {
  400: { title: 'Invalid request', words: 'This page could not read what was sent. Please try again.' },
  404: { title: 'Page not found', words: 'The address may be mistyped, or the page may have moved.' },
  408: { title: 'Request timed out', words: 'The connection was lost. Please try again.' },
  413: { title: 'Request too large', words: 'What was sent is larger than this page accepts.' },
  415: { title: 'Unsupported format', words: 'What was sent is in a format that this page does not accept.' },
  429: { title: 'Too many requests', words: 'Please wait a minute and try again.' },
  500: { title: 'Something went wrong', words: 'This is our fault, and it is logged. Please try again in a moment.' },
  503: {
    title: 'Back in a moment',
    words: 'We cannot answer right now. Please try again in a minute; nothing is lost.',
  },
}

/**
 * Adds the error pages. Details are only logged: error messages of a library or a driver name hosts, folders and
 * tables.
 */
export function addErrorPages(
  web: FastifyInstance,
  { site, log }: { readonly site: Site; readonly log: Logger },
): void {
  web.setNotFoundHandler(async (_request, reply) => sendErrorPage(reply, site, 404))
  web.setErrorHandler(async (error: FastifyError, request, reply) => {
    const status = statusOf(error, request)
    // Logs the route's pattern and never the path, which may contain a token.
    if (status >= 500) log.error({ reason: error.message, route: request.routeOptions.url }, 'a request failed')
    return sendErrorPage(reply, site, status)
  })
}

function statusOf(error: FastifyError, request: FastifyRequest): number {
  if (isUnavailable(error)) return 503
  const status = error.statusCode ?? (isBrokenBody(request, error) ? 400 : 500)
  return Math.min(status, 500)
}

// Errors of the multipart parser have no status. A truncated body is the client's fault and must not count as a server
// error.
function isBrokenBody({ headers }: FastifyRequest, { message }: FastifyError): boolean {
  return (headers['content-type'] ?? '').startsWith('multipart/') && /multipart|boundary|malformed part/i.test(message)
}

/** Sends the page for `status`. `words` replaces the text, for example to say what to change. */
export function sendErrorPage(reply: FastifyReply, site: Site, status: number, words?: string) {
  const known = ERROR_PAGES[status]
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
