import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { WebParts } from './app.ts'
import { type Site, sendPrivatePage } from './site.ts'

interface Trouble {
  readonly title: string
  readonly words: string
}

const TROUBLES: Readonly<Record<number, Trouble>> = {
  404: { title: 'Nothing is here', words: 'The address may be mistyped, or the page may have moved.' },
  413: { title: 'Too much at once', words: 'What was sent is larger than this page takes.' },
  429: { title: 'Too many requests', words: 'Please wait a minute and try again.' },
  503: { title: 'Too many searches at once', words: 'Please try again in a few seconds.' },
  500: { title: 'Something went wrong here', words: 'It is our fault, and it is noted. Please try again in a moment.' },
}

/** What a reader sees when a page cannot be shown. Details go to the log, never to the page. */
export function addErrorPages(web: FastifyInstance, { site, log }: Pick<WebParts, 'site' | 'log'>): void {
  web.setNotFoundHandler(async (_request, reply) => sendTrouble(reply, site, 404))
  web.setErrorHandler(async (error: FastifyError, request, reply) => {
    const status = error.statusCode ?? (isBrokenBody(request, error) ? 400 : 500)
    // The route's pattern, never the address: that may hold a token.
    if (status >= 500) log.error({ reason: error.message, route: request.routeOptions.url }, 'a request failed')
    return sendTrouble(reply, site, Math.min(status, 500), status >= 500 ? undefined : error.message)
  })
}

// The multipart parser's own errors carry no status: a body that breaks off is the sender's fault, and no alarm.
function isBrokenBody({ headers }: FastifyRequest, { message }: FastifyError): boolean {
  return (headers['content-type'] ?? '').startsWith('multipart/') && /multipart|boundary|malformed part/i.test(message)
}

/** Sends the page for `status`, with `words` where the reader can do something about it. */
export function sendTrouble(reply: FastifyReply, site: Site, status: number, words?: string) {
  const known = TROUBLES[status]
  const trouble = { title: known?.title ?? 'That did not work', words: known?.words ?? words ?? 'Please try again.' }
  return sendPrivatePage(
    reply,
    site,
    {
      title: trouble.title,
      canonical: null,
      content: (
        <section className="notice-page">
          <h1>{trouble.title}</h1>
          <p className="lead">{trouble.words}</p>
          <p>
            <a href="/">Today’s papers</a>
          </p>
        </section>
      ),
    },
    status,
  )
}
