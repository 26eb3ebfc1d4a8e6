import type { FastifyInstance } from 'fastify'
import { PAGE_CACHE_MAX, PAGE_CACHE_MS } from '../../../../config/limits-web.ts'
import { canonicalId } from '../../../domain/paper.ts'
import { say } from '../../../language/language.ts'
import type { PaperRecord } from '../../../ledger/editions/paper-record.ts'
import type { Stores } from '../../../ledger/stores.ts'
import { createLoadingCache } from '../../../platform/cache.ts'
import type { SimilarPaper } from '../../../ranking/similar.ts'
import { bibtexOf } from '../../../rendering/citations/bibtex.ts'
import { type Citation, citationOf } from '../../../rendering/citations/citation.ts'
import { risOf } from '../../../rendering/citations/ris.ts'
import { keySentenceOf } from '../../../rendering/digest/key-sentence.ts'
import { cleanLine } from '../../../rendering/escape.ts'
import { shorten } from '../../../rendering/shorten.ts'
import { paperPath } from '../../../security/signed-links.ts'
import type { Page, Site } from '../../layout/page.ts'
import type { SendCached } from '../../layout/page-cache.ts'
import { sendRendered } from '../../layout/site.ts'
import { CardTags } from '../cards/card-tags.tsx'
import { cardText, paperCard } from '../cards/card-words.ts'
import { loadAfterStart } from '../load-after-start.ts'
import { CitationTags } from './citation-tags.tsx'
import { PaperContext, PaperPage } from './paper-page.tsx'
import { idIn, PAPER_PATHS, type PaperParams } from './paper-paths.ts'
import { createSimilarPapersIndex } from './similar-papers.ts'

interface PaperDeps {
  readonly ledger: Stores
  readonly sendCached: SendCached
}

/** `/paper/ID`, `/paper/ID/cite.bib` and `/paper/ID/cite.ris`. Old arXiv ids contain a slash. */
export function addPaper(web: FastifyInstance, site: Site, { ledger, sendCached }: PaperDeps): void {
  addCitations(web, site, ledger)
  const similar = createSimilarPapersIndex(ledger)
  loadAfterStart(web, similar.load)
  web.get<{ Params: { '*': string } }>('/paper/*', async (request, reply) => {
    const asked = request.params['*']
    const id = canonicalId(asked)
    if (id === null) return reply.callNotFound()
    // Redirects a version such as `2603.07660v2` to the address of the paper.
    if (id !== asked) return reply.redirect(paperPath(id), 301)
    return sendCached(request, reply, {
      key: paperPath(id),
      make: async () => {
        const record = await ledger.editions.readPaper(id, site.clock())
        return record === null ? null : pageOf(record, await similar.find(record.paper), site)
      },
      missing: say('paper.notListed'),
    })
  })
}

function pageOf(record: PaperRecord, similar: readonly SimilarPaper[], { links }: Site): Page {
  const { paper } = record
  const url = links.paper(paper.id)
  return {
    title: paper.title,
    description: shorten(keySentenceOf(cleanLine(paper.abstract), paper.title), DESCRIPTION_CHARS),
    canonical: paperPath(paper.id),
    scripts: ['paper.js'],
    head: (
      <>
        <CitationTags paper={paper} url={url} />
        <CardTags page={url} alt={cardText(paperCard(record))} />
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
function addCitations(web: FastifyInstance, { links, clock }: Site, ledger: Stores): void {
  const citations = createLoadingCache<Citation | null>({ max: PAGE_CACHE_MAX, expiry: { ms: PAGE_CACHE_MS, clock } })
  const find = (id: string) =>
    citations(id, async () => {
      const record = await ledger.editions.readPaper(id)
      return record === null ? null : citationOf(record.paper, links.paper(id))
    })
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
