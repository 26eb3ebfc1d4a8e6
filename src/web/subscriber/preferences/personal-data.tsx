import type { FastifyInstance, FastifyRequest } from 'fastify'
import { say } from '../../../language/language.ts'
import { sayWith } from '../../../language/markup.ts'
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
    return sendPlainPage(reply, site, say('erase.title'), <AskToErase back={back} />)
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
      say('erased.title'),
      <p className="lead" role="status">
        {say('erased.text')}
      </p>,
    )
  })
}

function AskToErase({ back }: { readonly back: string }) {
  return (
    <>
      <p className="lead">{say('erase.warning')}</p>
      <div className="panel">
        <h2 className="first">{say('erase.deleted')}</h2>
        <p>{say('erase.deletedText')}</p>
        <h2>{say('erase.kept')}</h2>
        <p>{say('erase.keptText')}</p>
        <p>{sayWith('erase.download', { a: (text) => <a href={`${back}/data`}>{text}</a> })}</p>
      </div>
      <form method="post" className="actions">
        <button type="submit" className="danger">
          {say('data.delete')}
        </button>
      </form>
      <p>
        <a href={back}>{say('erase.back')}</a>
      </p>
    </>
  )
}
