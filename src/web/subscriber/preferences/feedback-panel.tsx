import type { FeedbackProfile } from '../../../domain/interests/feedback-profile.ts'
import type { FeedbackProfileRow } from '../../../ledger/subscribers/feedback-profiles.ts'
import { counted } from '../../../text/counted.ts'

/** More terms are hard to take in, and the others weigh little. */
const TERMS_SHOWN = 8

/** Shows what was learned from the feedback, with a button to delete it. Renders nothing without feedback. */
export function FeedbackPanel({ profile }: { readonly profile: FeedbackProfileRow | null }) {
  if (profile === null) return null
  const { learned, due } = profile
  return (
    <section aria-labelledby="learned">
      <h2 id="learned">Learned from your feedback</h2>
      <form method="post" className="panel stack">
        <input type="hidden" name="section" value="learned" />
        <input type="hidden" name="action" value="forget" />
        {learned === null ? (
          <p>
            {due ? 'Your feedback is saved and takes effect within minutes.' : 'Nothing has been learned from it yet.'}
          </p>
        ) : (
          <>
            <FeedbackWords learned={learned} />
            <p className="hint">
              Learned from {describePapers(learned)}. Your digests include papers with such terms, and say so. Your own
              interests and muted terms take priority.
            </p>
          </>
        )}
        <div>
          <button type="submit" className="quiet">
            Delete my feedback
          </button>
        </div>
      </form>
    </section>
  )
}

/** The terms with the largest weights, wanted and unwanted. */
export function FeedbackWords({ learned }: { readonly learned: FeedbackProfile }) {
  const of = (sign: 1 | -1) =>
    learned.topics
      .filter(({ weight }) => weight * sign > 0)
      .slice(0, TERMS_SHOWN)
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

function describePapers({ more, less }: FeedbackProfile): string {
  const papers = (count: number) => counted(count, 'paper')
  if (less === 0) return `${papers(more)} that you wanted more of`
  if (more === 0) return `${papers(less)} that you wanted less of`
  return `${papers(more)} that you wanted more of and ${papers(less)} that you wanted less of`
}
