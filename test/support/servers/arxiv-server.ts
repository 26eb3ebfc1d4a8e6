import { createServer } from 'node:http'
import { type Day, dayIn } from '../../../src/domain/day.ts'
import { listen } from './ports.ts'

/** A paper of the loopback arXiv. Moments are ISO 8601. */
export interface ArxivPaper {
  readonly id: string
  readonly submitted: string
  /** The time from which the API finds it. Papers that are delayed or indexed late are found after their announcement. */
  readonly indexed: string
  /** The days on which a feed lists the paper, and its announcement type. */
  readonly announced?: Readonly<Record<string, 'new' | 'cross' | 'replace'>>
  readonly categories?: readonly string[]
  readonly title?: string
  readonly comment?: string
}

/** A fault instead of the next answer, once; `none` for a normal answer. */
export type ArxivFault = 'none' | 'rate-limit' | 'page' | 'hollow' | 'down'

/** Starts arXiv's API and feeds on loopback, with the papers of the clock's time. */
export async function startArxiv(clock: () => Date) {
  const papers: ArxivPaper[] = []
  const faults: ArxivFault[] = []
  const requests: string[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x')
    requests.push(url.pathname)
    const fault = faults.shift()
    if (fault === 'down') return void response.writeHead(404).end('Down for maintenance')
    if (fault === 'rate-limit') return void response.writeHead(200).end('Rate exceeded.')
    if (fault === 'page') return void response.writeHead(200).end('<!DOCTYPE html><html><h1>Try later</h1></html>')
    const found = papers.filter(({ indexed }) => Date.parse(indexed) <= clock().getTime())
    const body = url.pathname.startsWith('/rss/')
      ? feedOf(papers, dayIn('America/New_York', clock()))
      : apiAnswer(found, url.searchParams, fault === 'hollow')
    response.writeHead(200, { 'content-type': 'application/xml' }).end(body)
  })
  const port = await listen(server)
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    papers,
    faults,
    requests,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const NAMES =
  'xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'

function apiAnswer(papers: readonly ArxivPaper[], asked: URLSearchParams, hollow: boolean): string {
  const [, from = '', to = ''] = /submittedDate:\[(\d{12}) TO (\d{12})\]/.exec(asked.get('search_query') ?? '') ?? []
  const minute = ({ submitted }: ArxivPaper) => new Date(submitted).toISOString().slice(0, 16).replace(/[-T:]/g, '')
  const found = papers
    .filter((paper) => minute(paper) >= from && minute(paper) <= to)
    .sort((a, b) => (a.submitted < b.submitted ? 1 : -1))
  const start = Number(asked.get('start'))
  const page = hollow ? [] : found.slice(start, start + Number(asked.get('max_results')))
  const entries = page.map(
    (paper) => `<entry><id>http://arxiv.org/abs/${paper.id}v1</id><title>${titleOf(paper)}</title>
      <summary>It is studied here at length.</summary><published>${paper.submitted}</published>
      ${(paper.categories ?? ['cs.AI']).map((term) => `<category term="${term}"/>`).join('')}
      ${paper.comment === undefined ? '' : `<arxiv:comment>${paper.comment}</arxiv:comment>`}
      <author><name>Ada L.</name></author></entry>`,
  )
  return `\n<?xml version="1.0" encoding="UTF-8"?><feed ${NAMES}><id>x</id><opensearch:totalResults>${found.length}</opensearch:totalResults>${entries.join('')}</feed>`
}

function feedOf(papers: readonly ArxivPaper[], day: Day): string {
  const items = papers.flatMap((paper) => {
    const type = paper.announced?.[day]
    return type === undefined
      ? []
      : `<entry><id>oai:arXiv.org:${paper.id}v1</id><title>${titleOf(paper)}</title>
      <summary>arXiv:${paper.id}v1 Announce Type: ${type} \nAbstract: It is studied here at length.</summary>
      <published>${day}T00:00:00-05:00</published><category term="cs.AI"/><arxiv:announce_type>${type}</arxiv:announce_type></entry>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?><feed ${NAMES}><id>x</id><updated>${day}T05:00:00+00:00</updated>${items.join('')}</feed>`
}

function titleOf({ id, title }: ArxivPaper): string {
  return title ?? `On ${id}`
}
