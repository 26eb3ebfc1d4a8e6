import { say } from '../../language/language.ts'

interface PageLinksProps {
  readonly page: number
  readonly last: number
  readonly pathOf: (page: number) => string
  /** The words of the two links. */
  readonly previous: string
  readonly next: string
}

/** Links to the pages of a long list. A list of one page has none. */
export function PageLinks({ page, last, pathOf, previous, next }: PageLinksProps) {
  if (last <= 1) return null
  return (
    <nav className="pages" aria-label={say('pages.label')}>
      {page > 1 ? (
        <a href={pathOf(page - 1)} rel="prev">
          {previous}
        </a>
      ) : null}
      <span className="soft">{say('pages.of', { page, last })}</span>
      {page < last ? (
        <a href={pathOf(page + 1)} rel="next">
          {next}
        </a>
      ) : null}
    </nav>
  )
}
