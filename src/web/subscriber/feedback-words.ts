import type { MessageKey } from '../../language/catalogue.ts'
import { say } from '../../language/language.ts'
import type { FeedbackVerdict } from '../../ledger/subscribers/feedback.ts'
import type { FeedbackEnding } from '../../security/signed-links.ts'

/** The actions of the feedback page’s buttons. `unsave` and `none` undo. */
export const FEEDBACK_ACTIONS = ['more', 'less', 'none', 'save', 'unsave'] as const
export type FeedbackAction = (typeof FEEDBACK_ACTIONS)[number]

/** A subscriber’s choices for one paper so far. */
export interface PaperChoices {
  readonly verdict: FeedbackVerdict | null
  readonly saved: boolean
}

export const ASKED_TITLES: Readonly<Record<FeedbackEnding, MessageKey>> = {
  more: 'feedback.more',
  less: 'feedback.less',
  save: 'feedback.save',
}

export const BUTTONS: Readonly<Record<FeedbackAction, MessageKey>> = {
  more: 'feedback.more',
  less: 'feedback.less',
  none: 'feedback.undo',
  save: 'feedback.save',
  unsave: 'feedback.unsave',
}

export const DONE_TITLES: Readonly<Record<FeedbackAction, MessageKey>> = {
  more: 'feedback.thanks',
  less: 'feedback.thanks',
  none: 'feedback.undone',
  save: 'feedback.saved',
  unsave: 'feedback.removed',
}

/** Returns sentences that say what is chosen for a paper; empty when nothing is. */
export function describeChoices({ verdict, saved }: PaperChoices): string[] {
  return [
    ...(verdict === null ? [] : [say('feedback.current', { verdict })]),
    ...(saved ? [say('feedback.isSaved')] : []),
  ]
}

/** Returns the buttons of the page with the asked one first, so that each choice can be made, changed and undone. */
export function actionsOf(asked: FeedbackEnding | null, choices: PaperChoices): FeedbackAction[] {
  const saving: FeedbackAction = choices.saved ? 'unsave' : 'save'
  const judging = (verdict: FeedbackVerdict): FeedbackAction => (choices.verdict === verdict ? 'none' : verdict)
  const all: FeedbackAction[] = [judging('more'), judging('less'), saving]
  const first = asked === null ? null : asked === 'save' ? saving : judging(asked)
  return first === null ? all : [first, ...all.filter((action) => action !== first)]
}
