import type { FeedbackProfile } from '../../../domain/interests/feedback-profile.ts'
import { say } from '../../../language/language.ts'
import type { FeedbackProfileRow } from '../../../ledger/subscribers/feedback-profiles.ts'

/** More terms are hard to take in, and the others weigh little. */
const TERMS_SHOWN = 8

/** Shows what was learned from the feedback, with a button to delete it. Renders nothing without feedback. */
export function FeedbackPanel({ profile }: { readonly profile: FeedbackProfileRow | null }) {
  if (profile === null) return null
  const { learned, due } = profile
  return (
    <section aria-labelledby="learned">
      <h2 id="learned">{say('learned.title')}</h2>
      <form method="post" className="panel stack">
        <input type="hidden" name="section" value="learned" />
        <input type="hidden" name="action" value="forget" />
        {learned === null ? (
          <p>{due ? say('learned.due') : say('learned.nothing')}</p>
        ) : (
          <>
            <FeedbackWords learned={learned} />
            <p className="hint">{say('learned.hint', { papers: describePapers(learned) })}</p>
          </>
        )}
        <div>
          <button type="submit" className="quiet">
            {say('learned.delete')}
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
          <b>{say('learned.more')}</b> <span dir="auto">{more.join(', ')}</span>
        </p>
      )}
      {less.length === 0 ? null : (
        <p>
          <b>{say('learned.less')}</b> <span dir="auto">{less.join(', ')}</span>
        </p>
      )}
    </>
  )
}

function describePapers({ more, less }: FeedbackProfile): string {
  if (less === 0) return say('learned.papersMore', { count: more })
  if (more === 0) return say('learned.papersLess', { count: less })
  return say('learned.papersBoth', {
    more: say('learned.papersMore', { count: more }),
    less: say('learned.papersLess', { count: less }),
  })
}
