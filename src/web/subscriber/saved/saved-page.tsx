import { SAVED_PAPERS_MAX } from '../../../../config/limits-web.ts'
import { day } from '../../../domain/day.ts'
import type { Paper } from '../../../domain/paper.ts'
import type { SubscriberState } from '../../../domain/subscriber.ts'
import type { SavedPaper } from '../../../ledger/subscribers/saved-papers.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'
import { paperPath } from '../../../security/signed-links.ts'
import { MathText } from '../../layout/mathematics.tsx'
import { Byline, PaperLinkList } from '../../public/paper-card.tsx'

interface SavedView {
  readonly state: SubscriberState
  readonly path: string
  readonly saved: readonly SavedPaper[]
  readonly total: number
  readonly page: number
  readonly pages: number
  /** The paper that was just removed, or null. */
  readonly removed: Paper | null
  /** Whether a paper could not be saved because the list is full. */
  readonly full: boolean
}

/** The private list of a subscriber's saved papers. */
export function SavedPage({ view }: { readonly view: SavedView }) {
  const { state, total, path, page, pages, removed } = view
  return (
    <>
      <h1>Your saved papers</h1>
      <p className="lead">{total === 0 ? 'You have saved no papers yet.' : `${countOf(total)}, newest first.`}</p>
      {state === 'unsubscribed' || state === 'suppressed' ? (
        <p className="message">
          You receive no digests any more. Your saved papers stay here until you delete your data.{' '}
          {state === 'unsubscribed' ? <a href="/#subscribe">Subscribe again</a> : null}
        </p>
      ) : null}
      {removed === null ? null : <Removed paper={removed} />}
      {view.full ? (
        <p className="message bad" role="alert">
          You have saved {SAVED_PAPERS_MAX.toLocaleString('en-US')} papers, and we store no more. Remove some of them
          first.
        </p>
      ) : null}
      {total === 0 ? (
        <p>Press “Save” under a paper in your digest, and it appears here.</p>
      ) : (
        <>
          <p className="downloads">
            Download all: <a href={`${path}/bibtex`}>BibTeX</a> <a href={`${path}/csv`}>CSV (for spreadsheets)</a>
          </p>
          <ol className="index saved">
            {view.saved.map((each) => (
              <SavedEntry key={each.paper.id} saved={each} />
            ))}
          </ol>
          <Pages path={path} page={page} pages={pages} />
        </>
      )}
      <p className="soft small saved-note">
        Anyone who has the address of this page can open it. “Disable old links” in your preferences ends it.
      </p>
    </>
  )
}

function SavedEntry({ saved: { paper, savedAt } }: { readonly saved: SavedPaper }) {
  return (
    <li>
      <h2 className="title" dir="auto">
        <a href={paperPath(paper.id)}>
          <MathText text={paper.title} latex={paper.latex?.title} />
        </a>
      </h2>
      <Byline paper={paper} />
      <div className="saved-row">
        <PaperLinkList paper={paper} />
        <span className="soft small">Saved {dateOf(savedAt)}</span>
        <form method="post">
          <input type="hidden" name="action" value="remove" />
          <button type="submit" className="quiet" name="paper" value={paper.id} aria-label={`Remove: ${paper.title}`}>
            Remove
          </button>
        </form>
      </div>
    </li>
  )
}

function Removed({ paper }: { readonly paper: Paper }) {
  return (
    <form method="post" className="message spread">
      <input type="hidden" name="action" value="save" />
      <p dir="auto" role="status">
        Removed: {paper.title}
      </p>
      <button type="submit" className="quiet" name="paper" value={paper.id}>
        Undo
      </button>
    </form>
  )
}

function Pages({ path, page, pages }: { readonly path: string; readonly page: number; readonly pages: number }) {
  if (pages === 1) return null
  return (
    <nav className="pages" aria-label="Pages">
      {page > 1 ? <a href={`${path}?page=${page - 1}`}>Newer</a> : null}
      <span className="soft">
        Page {page} of {pages}
      </span>
      {page < pages ? <a href={`${path}?page=${page + 1}`}>Older</a> : null}
    </nav>
  )
}

function countOf(total: number): string {
  return total === 1 ? '1 paper' : `${total.toLocaleString('en-US')} papers`
}

/** Returns a date without its weekday, so that it fits beside the links on a phone. */
function dateOf(moment: Date): string {
  return longDay(day(moment.toISOString().slice(0, 10))).replace(/^[^,]*, /, '')
}
