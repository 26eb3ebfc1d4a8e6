import type { FeedbackProfile } from '../../../domain/feedback-profile.ts'
import type { FeedbackProfileRow } from '../../../ledger/subscribers/feedback-profiles.ts'

/** As many words as a reader can take in; the others weigh little. */
const WORDS_SHOWN = 12

/** What feedback taught, for the reader to see and to have forgotten. Nothing where they never gave any. */
export function FeedbackPanel({ profile }: { readonly profile: FeedbackProfileRow | null }) {
  if (profile === null) return null
  const { learned, due } = profile
  return (
    <section aria-labelledby="learned">
      <h2 id="learned">What your feedback taught</h2>
      <form method="post" className="panel stack">
        <input type="hidden" name="section" value="learned" />
        <input type="hidden" name="action" value="forget" />
        {learned === null ? (
          <p>
            {due
              ? 'Your feedback is noted and will be learnt from within minutes.'
              : 'Nothing could be learnt from it yet.'}
          </p>
        ) : (
          <>
            <FeedbackWords learned={learned} />
            <p className="hint">
              Learnt from {marksOf(learned)}. Your digests bring papers that hold such words, and say so. Interests and
              muted terms that you write yourself come first.
            </p>
          </>
        )}
        <div>
          <button type="submit" className="quiet">
            Forget what was learnt
          </button>
        </div>
      </form>
    </section>
  )
}

/** The heaviest words, more of and less of. */
export function FeedbackWords({ learned }: { readonly learned: FeedbackProfile }) {
  const of = (sign: 1 | -1) =>
    learned.words
      .filter(({ weight }) => weight * sign > 0)
      .slice(0, WORDS_SHOWN)
      .map(({ shown }) => shown)
  const [more, less] = [of(1), of(-1)]
  return (
    <>
      {more.length === 0 ? null : (
        <p>
          <b>More of</b> <span dir="auto">{more.join(', ')}</span>
        </p>
      )}
      {less.length === 0 ? null : (
        <p>
          <b>Less of</b> <span dir="auto">{less.join(', ')}</span>
        </p>
      )}
    </>
  )
}

function marksOf({ more, less }: FeedbackProfile): string {
  const papers = (count: number) => `${count} ${count === 1 ? 'paper' : 'papers'}`
  if (less === 0) return `${papers(more)} that you asked more of`
  if (more === 0) return `${papers(less)} that you asked less of`
  return `${papers(more)} that you asked more of and ${papers(less)} that you asked less of`
}
