import { SAVED_PAPERS_MAX } from '../../../config/limits-web.ts'
import type { FeedbackProfile } from '../../domain/interests/feedback-profile.ts'
import type { Paper } from '../../domain/paper.ts'
import { authorLine } from '../../rendering/digest/view-model.ts'
import { type FeedbackEnding, paperPath } from '../../security/signed-links.ts'
import {
  ASKED_TITLES,
  actionsOf,
  BUTTONS,
  describeChoices,
  type FeedbackAction,
  type PaperChoices,
} from './feedback-words.ts'
import { FeedbackWords } from './preferences/feedback-panel.tsx'

interface AskFeedbackProps {
  readonly paper: Paper
  readonly asked: FeedbackEnding
  readonly choices: PaperChoices
}

/** The page that a feedback link opens. It changes nothing. */
export function AskFeedback({ paper, asked, choices }: AskFeedbackProps) {
  return (
    <>
      <PaperQuote paper={paper} />
      <Choices choices={choices} />
      <FeedbackButtons actions={actionsOf(asked, choices)} prominent />
      <p className="hint">Nothing changes until you press a button.</p>
    </>
  )
}

interface FeedbackDoneProps {
  readonly paper: Paper
  /** Null: the list of saved papers is full, so nothing was done. */
  readonly action: FeedbackAction | null
  readonly choices: PaperChoices
  readonly learned: FeedbackProfile | null
  /** The digest may have been forwarded, so the page must not link to the preferences or to the saved papers. */
  readonly freshLink: string
}

/** The page after a button was pressed. It offers the other choices, and to undo this one. */
export function FeedbackDone({ paper, action, choices, learned, freshLink }: FeedbackDoneProps) {
  return (
    <>
      <p className="lead" role="status">
        {action === null ? FULL : DONE[action]}
      </p>
      <PaperQuote paper={paper} />
      {/* The lead says this already after “save”. */}
      <Choices choices={action === 'save' ? { ...choices, saved: false } : choices} />
      <FeedbackButtons actions={actionsOf(null, choices)} />
      {learned === null ? null : (
        <>
          <p>Learned from your feedback so far:</p>
          <FeedbackWords learned={learned} />
        </>
      )}
      <p>
        In your preferences you find your saved papers, and you can delete your feedback, add interests and mute terms.{' '}
        <a href={freshLink}>Email me a link to my preferences</a>
      </p>
    </>
  )
}

const FULL = `This paper is not saved. You have saved ${SAVED_PAPERS_MAX.toLocaleString('en-US')} papers, and we store no more. Remove some of them, then save this one again.`

const DONE: Readonly<Record<FeedbackAction, string>> = {
  more: `${ASKED_TITLES.more}: your next digests will reflect this.`,
  less: `${ASKED_TITLES.less}: your next digests will reflect this.`,
  none: 'Your next digests no longer use your feedback on this paper.',
  save: 'This paper is in your saved papers.',
  unsave: 'This paper is no longer in your saved papers.',
}

/** These buttons are never prominent: a second press on the way to a paper must not undo the first. */
const UNDOING: ReadonlySet<FeedbackAction> = new Set(['none', 'unsave'])

function Choices({ choices }: { readonly choices: PaperChoices }) {
  const sentences = describeChoices(choices)
  return sentences.length === 0 ? null : <p className="soft">{sentences.join(' ')}</p>
}

function FeedbackButtons({
  actions,
  prominent = false,
}: {
  readonly actions: readonly FeedbackAction[]
  readonly prominent?: boolean
}) {
  return (
    <form method="post" className="actions choices">
      {actions.map((action, index) => (
        <button
          key={action}
          type="submit"
          className={prominent && index === 0 && !UNDOING.has(action) ? undefined : 'quiet'}
          name="verdict"
          value={action}
        >
          {BUTTONS[action]}
        </button>
      ))}
    </form>
  )
}

function PaperQuote({ paper }: { readonly paper: Paper }) {
  return (
    <blockquote className="panel quoted">
      <p className="quoted-title" dir="auto">
        <a href={paperPath(paper.id)}>{paper.title}</a>
      </p>
      {paper.authors.length === 0 ? null : (
        <p className="soft small" dir="auto">
          {authorLine(paper.authors)}
        </p>
      )}
    </blockquote>
  )
}
