import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { UNAVAILABLE_RETRY_SECONDS } from '../../../config/limits-web.ts'
import { say } from '../../language/language.ts'
import { isUnavailable } from '../../ledger/connection/reconnecting-pool.ts'
import type { Logger } from '../../platform/log/log.ts'
import type { Site } from './page.ts'
import { sendPrivatePage } from './site.ts'

/** Statuses with words of their own. */
const KNOWN_STATUSES = [400, 404, 408, 413, 415, 429, 500, 503] as const

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
  const known = KNOWN_STATUSES.find((each) => each === status) ?? 'other'
  const problem = { title: say(`error.${known}.title`), words: words ?? say(`error.${known}.words`) }
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
            <a href="/">{say('link.today')}</a>
          </p>
        </section>
      ),
    },
    status,
  )
}
