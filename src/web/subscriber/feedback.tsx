import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Paper } from '../../domain/paper.ts'
import { say } from '../../language/language.ts'
import { isOldLink, readLinkSubject } from '../../security/link-generation.ts'
import { FEEDBACK_ENDINGS, type FeedbackEnding } from '../../security/signed-links.ts'
import type { Site } from '../layout/page.ts'
import { firstOf, isCrossSite, readPosted } from '../requests/posted.ts'
import type { SubscriberPagesDeps } from './deps.ts'
import { AskFeedback, FeedbackDone } from './feedback-page.tsx'
import {
  ASKED_TITLES,
  DONE_TITLES,
  FEEDBACK_ACTIONS,
  type FeedbackAction,
  type PaperChoices,
} from './feedback-words.ts'
import { freshLinkPath } from './links/fresh-link.tsx'
import { type ClosedLink, sendClosedLink } from './links/preferences-link.ts'
import { sendCrossSite, sendNotFound, sendPlainPage } from './links/token-pages.tsx'

type TokenRequest = FastifyRequest<{ Params: { token: string } }>

/** `/feedback/:token`, the links under each paper of a digest. GET shows buttons, POST records the choice. */
export function addFeedbackPages(web: FastifyInstance, site: Site, deps: SubscriberPagesDeps): void {
  web.get('/feedback/:token', async (request: TokenRequest, reply) => {
    const subject = await readSubject(request.params.token, deps)
    if (subject.kind !== 'known') return sendClosedLink(subject, reply, site)
    const { paper, asked } = subject
    const choices = await readChoices(subject, deps)
    return sendPlainPage(
      reply,
      site,
      say(ASKED_TITLES[asked]),
      <AskFeedback paper={paper} asked={asked} choices={choices} />,
    )
  })
  web.post('/feedback/:token', async (request: TokenRequest, reply) => {
    if (isCrossSite(request)) return sendCrossSite(reply, site)
    const subject = await readSubject(request.params.token, deps)
    if (subject.kind !== 'known') return sendClosedLink(subject, reply, site)
    const chosen = firstOf(readPosted(request), 'verdict')
    const action = FEEDBACK_ACTIONS.find((each) => each === chosen) ?? subject.asked
    const result = await record(action, subject, deps, site.clock())
    if (result === 'not-found') return sendNotFound(reply, site)
    const full = result === 'full'
    // The feedback is stored. If the update of the profile fails, reconcile does it within a minute.
    const learned = result === 'learn' ? await deps.updateFeedbackProfile(subject.subscriberId).catch(() => null) : null
    return sendPlainPage(
      reply,
      site,
      full ? say('feedback.listFull') : say(DONE_TITLES[action]),
      <FeedbackDone
        paper={subject.paper}
        action={full ? null : action}
        choices={await readChoices(subject, deps)}
        learned={learned}
        freshLink={freshLinkPath(site, subject.subscriberId)}
      />,
      full ? 409 : 200,
    )
  })
}

interface KnownSubject {
  readonly kind: 'known'
  readonly subscriberId: string
  readonly paper: Paper
  readonly asked: FeedbackEnding
}

/** Records a choice. `learn`: the feedback has changed, so the profile must be computed again. */
async function record(
  action: FeedbackAction,
  { subscriberId, paper }: KnownSubject,
  { ledger }: SubscriberPagesDeps,
  at: Date,
): Promise<'learn' | 'done' | 'full' | 'not-found'> {
  const of = { subscriberId, paperId: paper.id }
  if (action === 'save') {
    const saved = await ledger.subscribers.savePaper(of, at)
    return saved === 'full' || saved === 'not-found' ? saved : 'done'
  }
  if (action === 'unsave') {
    await ledger.subscribers.removeSavedPaper(subscriberId, paper.id)
    return 'done'
  }
  const written =
    action === 'none'
      ? await ledger.subscribers.deleteVerdict(of, at)
      : await ledger.subscribers.writeFeedback({ ...of, verdict: action }, at)
  if (written === 'not-found') return written
  return written === 'same' ? 'done' : 'learn'
}

async function readChoices(
  { subscriberId, paper }: KnownSubject,
  { ledger }: SubscriberPagesDeps,
): Promise<PaperChoices> {
  return {
    verdict: await ledger.subscribers.readVerdict(subscriberId, paper.id),
    saved: (await ledger.subscribers.readSavedAt(subscriberId, paper.id)) !== null,
  }
}

async function readSubject(token: string, { tokens, ledger }: SubscriberPagesDeps): Promise<KnownSubject | ClosedLink> {
  // Only the subscriber is signed. Changing the rest merely gives the same subscriber's feedback on another paper.
  const [signed = '', paperId = '', named] = token.split('~')
  const link = readLinkSubject(tokens.verify('feedback', signed))
  const asked = FEEDBACK_ENDINGS.find((each) => each === named)
  const paper = paperId === '' ? null : await ledger.subscribers.readJudgedPaper(paperId)
  if (link === null || asked === undefined || paper === null) return { kind: 'invalid-token' }
  const generation = await ledger.links.readLinkGeneration(link.id)
  if (generation === null) return { kind: 'erased' }
  if (isOldLink(link, generation)) return { kind: 'old', subscriberId: link.id }
  return { kind: 'known', subscriberId: link.id, paper, asked }
}
