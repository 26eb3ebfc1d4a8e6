import { SAVED_PAPERS_MAX } from '../../../../config/limits-web.ts'
import { day } from '../../../domain/day.ts'
import type { Paper } from '../../../domain/paper.ts'
import type { SubscriberState } from '../../../domain/subscriber.ts'
import type { SavedPaper } from '../../../ledger/subscribers/saved-papers.ts'
import { paperPath } from '../../../security/signed-links.ts'
import { counted } from '../../../text/counted.ts'
import { dateWords } from '../../layout/dates.ts'
import { MathText } from '../../layout/mathematics.tsx'
import { PageLinks } from '../../layout/page-links.tsx'
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
      <p className="lead">
        {total === 0 ? 'You have saved no papers yet.' : `${counted(total, 'paper')}, newest first.`}
      </p>
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
          <PageLinks page={page} last={pages} pathOf={(each) => `${path}?page=${each}`} previous="Newer" next="Older" />
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
        <span className="soft small">Saved {dateWords(day(savedAt.toISOString().slice(0, 10)))}</span>
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
