import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Site } from '../../layout/page.ts'
import { keepPrivate, ownPath } from '../../layout/site.ts'
import { isCrossSite } from '../../requests/posted.ts'
import type { SubscriberPagesDeps } from '../deps.ts'
import { openPreferencesLink, sendClosedLink } from '../links/preferences-link.ts'
import { sendCrossSite, sendNotFound, sendPlainPage } from '../links/token-pages.tsx'

type TokenRequest = FastifyRequest<{ Params: { token: string } }>

/** `/preferences/:token/data` downloads all that is stored of a reader; `/erase` says what stays, and erases on POST. */
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
    return sendPlainPage(reply, site, 'Erase everything about you?', <AskToErase back={back} />)
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
      'You are erased',
      <p className="lead" role="status">
        Your address, your preferences, your feedback and what was chosen for you are deleted. No more mail will come.
      </p>,
    )
  })
}

function AskToErase({ back }: { readonly back: string }) {
  return (
    <>
      <p className="lead">This cannot be undone. All links in your old mails stop working.</p>
      <div className="panel">
        <h2 className="first">What is deleted</h2>
        <p>
          Your address, interests, muted terms, followed authors and all other preferences, your feedback, and which
          papers were chosen for you by which interest.
        </p>
        <h2>What is kept</h2>
        <p>
          A keyed hash of your address: a number that can be computed from the address with a secret key, but not turned
          back into it. It is kept so that no mail goes to your address by mistake, such as from an old list. Rows that
          only say that a digest went out on some day stay, for the counts, without your name or address.
        </p>
        <p>
          You may want to <a href={`${back}/data`}>download your data</a> first.
        </p>
      </div>
      <form method="post" className="actions">
        <button type="submit" className="danger">
          Erase me
        </button>
      </form>
      <p>
        <a href={back}>No, back to my preferences</a>
      </p>
    </>
  )
}
