import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { CARDS_PER_NETWORK_MINUTE } from '../../../../config/limits-paper.ts'
import { PAGE_CACHE_MAX, PAGE_CACHE_MS } from '../../../../config/limits-web.ts'
import { canonicalId, isArxivId } from '../../../domain/paper.ts'
import type { PaperRecord } from '../../../ledger/editions/paper-record.ts'
import type { Stores } from '../../../ledger/stores.ts'
import { createLoadingCache } from '../../../platform/cache.ts'
import { ordinal } from '../../../ranking/explain.ts'
import type { SimilarPaper } from '../../../ranking/similar.ts'
import { bibtexOf } from '../../../rendering/citations/bibtex.ts'
import { type Citation, citationOf } from '../../../rendering/citations/citation.ts'
import { risOf } from '../../../rendering/citations/ris.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'
import { networkOf } from '../../../security/client-ip.ts'
import { paperPath } from '../../../security/signed-links.ts'
import type { Page, Site } from '../../layout/page.ts'
import { renderPage, sendRendered } from '../../layout/site.ts'
import type { Card } from '../cards/card.ts'
import { CardTags } from '../cards/card-tags.tsx'
import { createSendCard } from '../cards/cards.ts'
import { CitationTags } from './citation-tags.tsx'
import { PaperContext, PaperPage } from './paper-page.tsx'
import { createFindSimilar } from './similar-papers.ts'

interface PaperDeps {
  readonly ledger: Stores
}

/** `/paper/ID`, `/paper/ID/cite.bib`, `/paper/ID/cite.ris` and `/paper/ID/card.png`. Old arXiv ids contain a slash. */
export function addPaper(web: FastifyInstance, site: Site, { ledger }: PaperDeps): void {
  addCitations(web, site, { ledger })
  addPicture(web, site, { ledger })
  const findSimilar = createFindSimilar(ledger)
  const pages = createLoadingCache<string | undefined>({
    max: PAGE_CACHE_MAX,
    expiry: { ms: PAGE_CACHE_MS, clock: site.clock },
  })
  web.get<{ Params: { '*': string } }>('/paper/*', async (request, reply) => {
    const asked = request.params['*']
    const id = canonicalId(asked)
    if (id === null) return reply.callNotFound()
    // Redirects a version such as `2603.07660v2` to the address of the paper.
    if (id !== asked) return reply.redirect(paperPath(id), 301)
    const html = await pages(id, async () => {
      const record = await ledger.editions.readPaper(id)
      if (record === null) return undefined
      return renderPage(site, pageOf(record, await findSimilar(record.paper), site))
    })
    return html === undefined ? reply.callNotFound() : sendRendered(request, reply, html)
  })
}

function pageOf(record: PaperRecord, similar: readonly SimilarPaper[], { links }: Site): Page {
  const { paper } = record
  const url = links.paper(paper.id)
  return {
    title: paper.title,
    description: paper.abstract.slice(0, DESCRIPTION_CHARS),
    canonical: paperPath(paper.id),
    scripts: ['paper.js'],
    head: (
      <>
        <CitationTags paper={paper} url={url} />
        <CardTags url={`${url}${CARD_ENDING}`} alt={`${paper.title}. ${cardOf(record).lines.join('. ')}`} />
      </>
    ),
    content: <PaperPage record={record} similar={similar} url={url} />,
    context: <PaperContext record={record} />,
  }
}

const DESCRIPTION_CHARS = 200

const FORMATS = [
  { ending: 'bib', type: 'application/x-bibtex; charset=utf-8', write: bibtexOf },
  { ending: 'ris', type: 'application/x-research-info-systems; charset=utf-8', write: risOf },
] as const

/** A segment after the id, because an id may end with `.bib`. */
function addCitations(web: FastifyInstance, { links }: Site, { ledger }: PaperDeps): void {
  const find = async (id: string): Promise<Citation | null> => {
    const record = await ledger.editions.readPaper(id)
    return record === null ? null : citationOf(record.paper, links.paper(id))
  }
  for (const { ending, type, write } of FORMATS)
    for (const path of PAPER_PATHS)
      web.get<{ Params: PaperParams }>(`${path}/cite.${ending}`, async (request, reply) => {
        const id = idIn(request.params)
        const citation = id === null ? null : await find(id)
        if (id === null || citation === null) return reply.callNotFound()
        reply.header('content-disposition', `attachment; filename="${id.replaceAll('/', '-')}.${ending}"`)
        return sendRendered(request, reply, write(citation), type)
      })
}

const CARD_ENDING = '/card.png'

function addPicture(web: FastifyInstance, site: Site, { ledger }: PaperDeps): void {
  const sendCard = createSendCard(site)
  web.register(async (scope) => {
    await scope.register(rateLimit, {
      max: CARDS_PER_NETWORK_MINUTE,
      timeWindow: 60_000,
      keyGenerator: ({ ip }) => networkOf(ip),
    })
    for (const path of PAPER_PATHS)
      scope.get<{ Params: PaperParams }>(`${path}${CARD_ENDING}`, async (request, reply) => {
        const id = idIn(request.params)
        const record = id === null ? null : await ledger.editions.readPaper(id)
        if (id === null || record === null) return reply.callNotFound()
        const card = { name: site.brand.name, ...cardOf(record) }
        return sendCard(request, reply, card, isArxivId(id) ? `arXiv:${id}` : id)
      })
  })
}

function cardOf({ paper, days, votes }: PaperRecord): Omit<Card, 'name'> {
  const listed = days.at(-1)
  const upvotes = votes.findLast((each) => each.upvotes !== null)?.upvotes ?? null
  const byline = [paper.organization ?? '', shortAuthors(paper.authors)].filter((part) => part !== '').join(' · ')
  const standing = [
    ...(listed === undefined ? [] : [`${ordinal(listed.rank)} of ${listed.papers}`]),
    ...(upvotes === null ? [] : [`${upvotes.toLocaleString('en-US')} ${upvotes === 1 ? 'vote' : 'votes'}`]),
  ].join(' · ')
  return {
    kicker: listed === undefined ? '' : longDay(listed.day),
    title: paper.title,
    lines: [byline, standing].filter((line) => line !== ''),
  }
}

function shortAuthors(authors: readonly string[]): string {
  return authors.length <= 2
    ? authors.join(', ')
    : `${authors[0]} and ${(authors.length - 1).toLocaleString('en-US')} others`
}

interface PaperParams {
  readonly id: string
  readonly archive?: string
}

/** The addresses of a paper, with an old arXiv id as the second: `/paper/cs/0101001`. */
const PAPER_PATHS = ['/paper/:id', '/paper/:archive/:id']

function idIn({ archive, id }: PaperParams): string | null {
  return canonicalId(archive === undefined ? id : `${archive}/${id}`)
}
