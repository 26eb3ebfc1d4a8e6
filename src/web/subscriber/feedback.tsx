import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { FeedbackProfile } from '../../domain/feedback-profile.ts'
import type { Paper } from '../../domain/paper.ts'
import { FEEDBACK_VERDICTS, type FeedbackVerdict } from '../../ledger/subscribers/feedback.ts'
import { isOldLink, readLinkSubject } from '../../security/link-generation.ts'
import type { Site } from '../layout/page.ts'
import { firstOf, isCrossSite, readPosted } from '../requests/posted.ts'
import type { SubscriberPagesDeps } from './deps.ts'
import { freshLinkPath } from './links/fresh-link.tsx'
import { type ClosedLink, sendClosedLink } from './links/preferences-link.ts'
import { sendCrossSite, sendNotFound, sendPlainPage } from './links/token-pages.tsx'
import { FeedbackWords } from './preferences/feedback-panel.tsx'

type TokenRequest = FastifyRequest<{ Params: { token: string } }>

const LABELS: Readonly<Record<FeedbackVerdict, string>> = { more: 'More like this', less: 'Less like this' }

/** `/feedback/:token`, the two links under each paper of a digest. GET shows a button, POST records the feedback. */
export function addFeedbackPages(web: FastifyInstance, site: Site, deps: SubscriberPagesDeps): void {
  web.get('/feedback/:token', async (request: TokenRequest, reply) => {
    const subject = await readSubject(request.params.token, deps)
    if (subject.kind !== 'known') return sendClosedLink(subject, reply, site)
    const current = await deps.ledger.subscribers.readVerdict(subject.subscriberId, subject.paper.id)
    return sendPlainPage(reply, site, LABELS[subject.verdict], <AskFeedback subject={subject} current={current} />)
  })
  web.post('/feedback/:token', async (request: TokenRequest, reply) => {
    if (isCrossSite(request)) return sendCrossSite(reply, site)
    const subject = await readSubject(request.params.token, deps)
    if (subject.kind !== 'known') return sendClosedLink(subject, reply, site)
    const { subscriberId, paper } = subject
    const chosen = firstOf(readPosted(request), 'verdict')
    const verdict = FEEDBACK_VERDICTS.find((each) => each === chosen) ?? subject.verdict
    const written = await deps.ledger.subscribers.writeFeedback(
      { subscriberId, paperId: paper.id, verdict },
      site.clock(),
    )
    if (written === 'not-found') return sendNotFound(reply, site)
    // The feedback is stored. If the update of the profile fails, reconcile does it within a minute.
    const learned = written === 'same' ? null : await deps.updateFeedbackProfile(subscriberId).catch(() => null)
    const freshLink = freshLinkPath(site, subscriberId)
    return sendPlainPage(
      reply,
      site,
      'Thank you for your feedback',
      <FeedbackSaved paper={paper} verdict={verdict} learned={learned} freshLink={freshLink} />,
    )
  })
}

type Subject =
  | { readonly kind: 'known'; readonly subscriberId: string; readonly paper: Paper; readonly verdict: FeedbackVerdict }
  | ClosedLink

async function readSubject(token: string, { tokens, ledger }: SubscriberPagesDeps): Promise<Subject> {
  // Only the subscriber is signed. Changing the rest merely gives the same subscriber's feedback on another paper.
  const [signed = '', paperId = '', named] = token.split('~')
  const link = readLinkSubject(tokens.verify('feedback', signed))
  const verdict = FEEDBACK_VERDICTS.find((each) => each === named)
  const paper = paperId === '' ? null : await ledger.subscribers.readJudgedPaper(paperId)
  if (link === null || verdict === undefined || paper === null) return { kind: 'invalid-token' }
  const generation = await ledger.links.readLinkGeneration(link.id)
  if (generation === null) return { kind: 'erased' }
  if (isOldLink(link, generation)) return { kind: 'old', subscriberId: link.id }
  return { kind: 'known', subscriberId: link.id, paper, verdict }
}

function AskFeedback({
  subject,
  current,
}: {
  readonly subject: Extract<Subject, { kind: 'known' }>
  readonly current: FeedbackVerdict | null
}) {
  const { paper, verdict } = subject
  return (
    <>
      <PaperQuote paper={paper} />
      {current === null ? null : <p className="soft">Your current choice: {LABELS[current].toLowerCase()}.</p>}
      <form method="post" className="actions">
        <button type="submit" name="verdict" value={verdict}>
          {LABELS[verdict]}
        </button>
      </form>
      <p className="hint">Nothing is saved until you press the button.</p>
    </>
  )
}

interface FeedbackSavedProps {
  readonly paper: Paper
  readonly verdict: FeedbackVerdict
  readonly learned: FeedbackProfile | null
  /** The digest may have been forwarded, so the page must not link to the preferences. */
  readonly freshLink: string
}

function FeedbackSaved({ paper, verdict, learned, freshLink }: FeedbackSavedProps) {
  const opposite = verdict === 'more' ? 'less' : 'more'
  return (
    <>
      <p className="lead" role="status">
        {LABELS[verdict]}:
      </p>
      <PaperQuote paper={paper} />
      <form method="post" className="actions">
        <button type="submit" className="quiet" name="verdict" value={opposite}>
          No, {LABELS[opposite].toLowerCase()}
        </button>
      </form>
      {learned === null ? null : (
        <>
          <p>Learned from your feedback so far:</p>
          <FeedbackWords learned={learned} />
        </>
      )}
      <p>
        Your next digests will reflect this. In your preferences you can delete your feedback, add interests and mute
        terms. <a href={freshLink}>Email me a link to my preferences</a>
      </p>
    </>
  )
}

function PaperQuote({ paper }: { readonly paper: Paper }) {
  return (
    <blockquote className="panel quoted">
      <p className="quoted-title" dir="auto">
        <a href={`/paper/${paper.id.split('/').map(encodeURIComponent).join('/')}`}>{paper.title}</a>
      </p>
      {paper.authors.length === 0 ? null : (
        <p className="soft small" dir="auto">
          {paper.authors.slice(0, 5).join(', ')}
          {paper.authors.length > 5 ? ' and others' : ''}
        </p>
      )}
    </blockquote>
  )
}
