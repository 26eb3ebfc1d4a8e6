import { SAVED_PAPERS_MAX } from '../../../config/limits-web.ts'
import type { FeedbackProfile } from '../../domain/interests/feedback-profile.ts'
import type { Paper } from '../../domain/paper.ts'
import { say } from '../../language/language.ts'
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
      <p className="hint">{say('feedback.nothingYet')}</p>
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
        {doneWords(action)}
      </p>
      <PaperQuote paper={paper} />
      {/* The lead says this already after “save”. */}
      <Choices choices={action === 'save' ? { ...choices, saved: false } : choices} />
      <FeedbackButtons actions={actionsOf(null, choices)} />
      {learned === null ? null : (
        <>
          <p>{say('feedback.learnedSoFar')}</p>
          <FeedbackWords learned={learned} />
        </>
      )}
      <p>
        {say('feedback.inPreferences')} <a href={freshLink}>{say('feedback.emailLink')}</a>
      </p>
    </>
  )
}

function doneWords(action: FeedbackAction | null): string {
  if (action === null) return say('feedback.full', { count: SAVED_PAPERS_MAX })
  return action === 'more' || action === 'less'
    ? say('feedback.reflected', { choice: say(ASKED_TITLES[action]) })
    : say(`feedback.done.${action}`)
}

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
          {say(BUTTONS[action])}
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
