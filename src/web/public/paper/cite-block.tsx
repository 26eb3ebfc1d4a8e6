import type { Paper } from '../../../domain/paper.ts'
import { say } from '../../../language/language.ts'
import { bibtexOf } from '../../../rendering/citations/bibtex.ts'
import { citationOf } from '../../../rendering/citations/citation.ts'
import { paperPath } from '../../../security/signed-links.ts'

/** The citation of a paper, to copy or to download. The script assets/paper.js shows the button. */
export function CiteBlock({ paper, url }: { readonly paper: Paper; readonly url: string }) {
  return (
    <section aria-labelledby="cite">
      <h2 id="cite">{say('paper.cite')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard must be able to scroll the box (WCAG 2.1.1). */}
      <section className="citation" aria-label="BibTeX" tabIndex={0}>
        <pre id="bibtex">{bibtexOf(citationOf(paper, url))}</pre>
      </section>
      <p className="cite-actions">
        <button type="button" className="quiet" data-copies="bibtex" hidden>
          {say('cite.copy')}
        </button>
        <a href={`${paperPath(paper.id)}/cite.bib`} download>
          {say('cite.bibtex')}
        </a>
        <a href={`${paperPath(paper.id)}/cite.ris`} download>
          {say('cite.ris')}
        </a>
      </p>
    </section>
  )
}
