import { SAVED_PAPERS_MAX } from '../../../../config/limits-web.ts'
import { day } from '../../../domain/day.ts'
import type { Paper } from '../../../domain/paper.ts'
import type { SubscriberState } from '../../../domain/subscriber.ts'
import { say } from '../../../language/language.ts'
import type { SavedPaper } from '../../../ledger/subscribers/saved-papers.ts'
import { paperPath } from '../../../security/signed-links.ts'
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
      <h1>{say('saved.title')}</h1>
      <p className="lead">{total === 0 ? say('saved.none') : say('saved.count', { count: total })}</p>
      {state === 'unsubscribed' || state === 'suppressed' ? (
        <p className="message">
          {say('saved.ended')}{' '}
          {state === 'unsubscribed' ? <a href="/#subscribe">{say('link.subscribeAgain')}</a> : null}
        </p>
      ) : null}
      {removed === null ? null : <Removed paper={removed} />}
      {view.full ? (
        <p className="message bad" role="alert">
          {say('saved.full', { count: SAVED_PAPERS_MAX })}
        </p>
      ) : null}
      {total === 0 ? (
        <p>{say('saved.how')}</p>
      ) : (
        <>
          <p className="downloads">
            {say('saved.downloadAll')} <a href={`${path}/bibtex`}>BibTeX</a>{' '}
            <a href={`${path}/csv`}>{say('saved.csv')}</a>
          </p>
          <ol className="index saved">
            {view.saved.map((each) => (
              <SavedEntry key={each.paper.id} saved={each} />
            ))}
          </ol>
          <PageLinks
            page={page}
            last={pages}
            pathOf={(each) => `${path}?page=${each}`}
            previous={say('pages.newer')}
            next={say('pages.older')}
          />
        </>
      )}
      <p className="soft small saved-note">{say('saved.note')}</p>
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
        <span className="soft small">
          {say('saved.at', { day: dateWords(day(savedAt.toISOString().slice(0, 10))) })}
        </span>
        <form method="post">
          <input type="hidden" name="action" value="remove" />
          <button
            type="submit"
            className="quiet"
            name="paper"
            value={paper.id}
            aria-label={say('saved.removeNamed', { title: paper.title })}
          >
            {say('saved.remove')}
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
        {say('saved.removed', { title: paper.title })}
      </p>
      <button type="submit" className="quiet" name="paper" value={paper.id}>
        {say('saved.undo')}
      </button>
    </form>
  )
}
