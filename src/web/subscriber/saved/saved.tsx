import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { SAVED_PAGE_PAPERS, SAVED_PAPERS_MAX } from '../../../../config/limits-web.ts'
import { canonicalId, type Paper } from '../../../domain/paper.ts'
import type { Subscriber } from '../../../domain/subscriber.ts'
import { say } from '../../../language/language.ts'
import type { SavedPaper } from '../../../ledger/subscribers/saved-papers.ts'
import type { Site } from '../../layout/page.ts'
import { keepPrivate, ownPath, sendPrivatePage } from '../../layout/site.ts'
import { firstOf, isCrossSite, readPosted } from '../../requests/posted.ts'
import type { SubscriberPagesDeps } from '../deps.ts'
import { openSubscriberLink, sendClosedLink } from '../links/preferences-link.ts'
import { sendCrossSite } from '../links/token-pages.tsx'
import { savedAsBibtex, savedAsCsv } from './saved-export.ts'
import { SavedPage } from './saved-page.tsx'

type TokenRequest = FastifyRequest<{ Params: { token: string }; Querystring: Record<string, unknown> }>

/**
 * `/saved/:token`: the papers that a subscriber saved to read later, newest first, with two downloads. The link expires with
 * the generation. It also works for an unsubscribed subscriber, and says so, because the list stays until it is erased.
 */
export function addSavedPages(web: FastifyInstance, site: Site, deps: SubscriberPagesDeps): void {
  web.get('/saved/:token', async (request: TokenRequest, reply) => {
    const found = await openSubscriberLink('saved', request.params.token, deps)
    if (found.kind !== 'open') return sendClosedLink(found, reply, site)
    return sendSaved(request, reply, { site, deps, subscriber: found.subscriber })
  })
  web.post('/saved/:token', async (request: TokenRequest, reply) => {
    if (isCrossSite(request)) return sendCrossSite(reply, site)
    const found = await openSubscriberLink('saved', request.params.token, deps)
    if (found.kind !== 'open') return sendClosedLink(found, reply, site)
    const news = await change(found.subscriber, readPosted(request), deps, site.clock())
    const path = ownPath(site, site.links.saved(found.subscriber))
    return reply.header('cache-control', 'no-store').redirect(`${path}${news}`, 303)
  })
  addDownload(web, site, deps, {
    name: 'bibtex',
    file: 'saved-papers.bib',
    type: 'application/x-bibtex; charset=utf-8',
    write: savedAsBibtex,
  })
  addDownload(web, site, deps, {
    name: 'csv',
    file: 'saved-papers.csv',
    type: 'text/csv; charset=utf-8',
    write: savedAsCsv,
  })
}

interface Download {
  readonly name: 'bibtex' | 'csv'
  readonly file: string
  readonly type: string
  readonly write: (saved: readonly SavedPaper[], site: Site) => string
}

function addDownload(web: FastifyInstance, site: Site, deps: SubscriberPagesDeps, download: Download): void {
  web.get(`/saved/:token/${download.name}`, async (request: TokenRequest, reply) => {
    const found = await openSubscriberLink('saved', request.params.token, deps)
    if (found.kind !== 'open') return sendClosedLink(found, reply, site)
    const saved = await deps.ledger.subscribers.readSavedPapers(found.subscriber.id, {
      limit: SAVED_PAPERS_MAX,
      offset: 0,
    })
    return keepPrivate(reply)
      .header('content-disposition', `attachment; filename="${download.file}"`)
      .type(download.type)
      .send(download.write(saved, site))
  })
}

/** Removes or saves the posted paper. Returns the query string of the redirect, which names what can be undone. */
async function change(
  { id: subscriberId }: Subscriber,
  posted: ReturnType<typeof readPosted>,
  { ledger }: SubscriberPagesDeps,
  at: Date,
): Promise<string> {
  const paperId = canonicalId(firstOf(posted, 'paper') ?? '')
  const paper = paperId === null ? null : await ledger.subscribers.readJudgedPaper(paperId)
  if (paper === null) return ''
  if (firstOf(posted, 'action') === 'save') {
    const saved = await ledger.subscribers.savePaper({ subscriberId, paperId: paper.id }, at)
    return saved === 'full' ? '?full=1' : ''
  }
  const removed = await ledger.subscribers.removeSavedPaper(subscriberId, paper.id)
  return removed ? `?removed=${encodeURIComponent(paper.id)}` : ''
}

async function sendSaved(
  { query }: TokenRequest,
  reply: FastifyReply,
  of: { readonly site: Site; readonly deps: SubscriberPagesDeps; readonly subscriber: Subscriber },
) {
  const { site, deps, subscriber } = of
  const { subscribers } = deps.ledger
  const total = await subscribers.countSavedPapers(subscriber.id)
  const pages = Math.max(1, Math.ceil(total / SAVED_PAGE_PAPERS))
  const page = Math.min(pages, Math.max(1, Math.trunc(Number(query.page)) || 1))
  const view = {
    state: subscriber.state,
    path: ownPath(site, site.links.saved(subscriber)),
    saved: await subscribers.readSavedPapers(subscriber.id, {
      limit: SAVED_PAGE_PAPERS,
      offset: (page - 1) * SAVED_PAGE_PAPERS,
    }),
    total,
    page,
    pages,
    removed: await readRemoved(query.removed, subscriber.id, deps),
    full: query.full === '1' && total >= SAVED_PAPERS_MAX,
  }
  return sendPrivatePage(reply, site, {
    title: say('saved.title'),
    canonical: null,
    content: <SavedPage view={view} />,
  })
}

/** Returns the paper that was just removed, so that the page can offer to undo it. Null if it is on the list again. */
async function readRemoved(id: unknown, subscriberId: string, { ledger }: SubscriberPagesDeps): Promise<Paper | null> {
  const paperId = typeof id === 'string' ? canonicalId(id) : null
  if (paperId === null || (await ledger.subscribers.readSavedAt(subscriberId, paperId)) !== null) return null
  return ledger.subscribers.readJudgedPaper(paperId)
}
