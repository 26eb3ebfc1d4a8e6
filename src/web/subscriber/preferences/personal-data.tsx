import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Site } from '../../layout/page.ts'
import { keepPrivate, ownPath } from '../../layout/site.ts'
import { isCrossSite } from '../../requests/posted.ts'
import type { SubscriberPagesDeps } from '../deps.ts'
import { openPreferencesLink, sendClosedLink } from '../links/preferences-link.ts'
import { sendCrossSite, sendNotFound, sendPlainPage } from '../links/token-pages.tsx'

type TokenRequest = FastifyRequest<{ Params: { token: string } }>

/**
 * `GET /preferences/:token/data` downloads everything stored about a subscriber. `/erase` explains what is deleted and
 * kept, and erases on POST.
 */
export function addDataPages(web: FastifyInstance, site: Site, deps: SubscriberPagesDeps): void {
  const { ledger } = deps
  web.get('/preferences/:token/data', async ({ params }: TokenRequest, reply) => {
    const found = await openPreferencesLink(params.token, deps)
    if (found.kind !== 'open') return sendClosedLink(found, reply, site)
    const record = await ledger.subscribers.readDataExport(found.subscriber.id)
    if (record === null) return sendNotFound(reply, site)
    return keepPrivate(reply)
      .header('content-disposition', 'attachment; filename="paperround-data.json"')
      .type('application/json; charset=utf-8')
      .send(`${JSON.stringify({ exportedAt: site.clock(), ...record }, null, 2)}\n`)
  })
  web.get('/preferences/:token/erase', async ({ params }: TokenRequest, reply) => {
    const found = await openPreferencesLink(params.token, deps)
    if (found.kind !== 'open') return sendClosedLink(found, reply, site)
    const back = ownPath(site, site.links.preferences(found.subscriber))
    return sendPlainPage(reply, site, 'Delete all your data?', <AskToErase back={back} />)
  })
  web.post('/preferences/:token/erase', async (request: TokenRequest, reply) => {
    if (isCrossSite(request)) return sendCrossSite(reply, site)
    const found = await openPreferencesLink(request.params.token, deps)
    if (found.kind === 'erased') return sendNotFound(reply, site, 200)
    if (found.kind !== 'open') return sendClosedLink(found, reply, site)
    if (!(await deps.erase(found.subscriber.id))) return sendNotFound(reply, site, 200)
    return sendPlainPage(
      reply,
      site,
      'Your data is deleted',
      <p className="lead" role="status">
        Your address, your preferences, your feedback, your saved papers and the papers chosen for you are deleted. You
        will receive no more email.
      </p>,
    )
  })
}

function AskToErase({ back }: { readonly back: string }) {
  return (
    <>
      <p className="lead">This cannot be undone. All links in your old emails stop working.</p>
      <div className="panel">
        <h2 className="first">What is deleted</h2>
        <p>
          Your address, interests, muted terms, followed authors and all other preferences, your feedback, your saved
          papers, and which papers were chosen for you by which interest.
        </p>
        <h2>What is kept</h2>
        <p>
          A keyed hash of your address: a number that can be computed from the address with a secret key, but cannot be
          turned back into it. It keeps us from emailing your address by mistake, for example from an old list. Records
          that a digest was sent on some day also stay, for statistics, without your name or address.
        </p>
        <p>
          You may want to <a href={`${back}/data`}>download your data</a> first.
        </p>
      </div>
      <form method="post" className="actions">
        <button type="submit" className="danger">
          Delete my data
        </button>
      </form>
      <p>
        <a href={back}>No, back to my preferences</a>
      </p>
    </>
  )
}
