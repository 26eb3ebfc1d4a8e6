import { PAPER_TAG_AUTHORS_MAX } from '../../../../config/limits-paper.ts'
import type { Paper } from '../../../domain/paper.ts'
import { citationOf } from '../../../rendering/citations/citation.ts'
import type { CitedName } from '../../../rendering/citations/names.ts'

/**
 * Metadata that reference managers and search engines read: Highwire tags (Google Scholar’s inclusion guidelines, which
 * Zotero’s connector follows too) and schema.org’s ScholarlyArticle.
 */
export function CitationTags({ paper, url }: { readonly paper: Paper; readonly url: string }) {
  const citation = citationOf(paper, url)
  const { title, authors, date, year, arxiv, doi, pdf, keywords } = citation
  const tags: readonly (readonly [string, string | null])[] = [
    ['citation_title', title],
    ...authors.slice(0, PAPER_TAG_AUTHORS_MAX).map((name) => ['citation_author', tagName(name)] as const),
    ['citation_publication_date', date?.replaceAll('-', '/') ?? year],
    ['citation_online_date', date?.replaceAll('-', '/') ?? null],
    ['citation_arxiv_id', arxiv?.id ?? null],
    ['citation_doi', doi],
    ['citation_pdf_url', pdf],
    ['citation_abstract_html_url', url],
    ['citation_abstract', citation.abstract === '' ? null : citation.abstract],
    ['citation_keywords', keywords.length === 0 ? null : keywords.join('; ')],
    ['citation_publisher', arxiv === null ? null : 'arXiv'],
    ['citation_language', 'en'],
  ]
  return (
    <>
      {tags.map(([name, content], at) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: two authors may have one name, and no tag ever moves.
        content === null ? null : <meta key={at} name={name} content={content} />,
      )}
      {/* A block of data, which the policy against inline scripts does not concern. */}
      <script
        type="application/ld+json"
        // biome-ignore lint/security/noDangerouslySetInnerHtml: JSON without `<`, so that no text can end the element.
        dangerouslySetInnerHTML={{ __html: JSON.stringify(articleOf(paper, url)).replaceAll('<', '\\u003c') }}
      />
    </>
  )
}

/** Google Scholar accepts both orders. With the comma no reader has to guess. */
function tagName(name: CitedName): string {
  if (name.kind === 'whole') return name.name
  return [name.family, name.given, name.suffix].filter((part) => part !== '').join(', ')
}

function articleOf(paper: Paper, url: string): Record<string, unknown> {
  const { title, date, year, doi, abstract, keywords, url: original, pdf } = citationOf(paper, url)
  return {
    '@context': 'https://schema.org',
    '@type': 'ScholarlyArticle',
    name: title,
    headline: title.slice(0, HEADLINE_CHARS),
    author: paper.authors.slice(0, PAPER_TAG_AUTHORS_MAX).map((name) => ({ '@type': 'Person', name })),
    datePublished: date ?? year ?? undefined,
    abstract: abstract === '' ? undefined : abstract,
    keywords: keywords.length === 0 ? undefined : keywords,
    url,
    sameAs: [original, ...(doi === null ? [] : [`https://doi.org/${doi}`])].filter((each) => each !== url),
    identifier: doi === null ? undefined : { '@type': 'PropertyValue', propertyID: 'DOI', value: doi },
    encoding: pdf === null ? undefined : { '@type': 'MediaObject', contentUrl: pdf, encodingFormat: 'application/pdf' },
    ...(paper.organization === null
      ? {}
      : { sourceOrganization: { '@type': 'Organization', name: paper.organization } }),
  }
}

const HEADLINE_CHARS = 110 // The most that search engines show.
