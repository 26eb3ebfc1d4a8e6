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

/** `/feedback/:token`, from the two links under each paper of a digest. GET shows, POST records. */
export function addFeedbackPages(web: FastifyInstance, site: Site, deps: SubscriberPagesDeps): void {
  web.get('/feedback/:token', async (request: TokenRequest, reply) => {
    const subject = await readSubject(request.params.token, deps)
    if (subject.kind !== 'known') return sendClosedLink(subject, reply, site)
    const said = await deps.ledger.subscribers.readVerdict(subject.subscriberId, subject.paper.id)
    return sendPlainPage(reply, site, LABELS[subject.verdict], <Ask subject={subject} said={said} />)
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
    // What was said is kept; where learning from it fails, reconcile does it within a minute.
    const learned = written === 'same' ? null : await deps.learn(subscriberId).catch(() => null)
    const freshLink = freshLinkPath(site, subscriberId)
    return sendPlainPage(
      reply,
      site,
      'Thank you, that is noted',
      <Noted paper={paper} verdict={verdict} learned={learned} freshLink={freshLink} />,
    )
  })
}

type Subject =
  | { readonly kind: 'known'; readonly subscriberId: string; readonly paper: Paper; readonly verdict: FeedbackVerdict }
  | ClosedLink

async function readSubject(token: string, { tokens, ledger }: SubscriberPagesDeps): Promise<Subject> {
  // What stands after the signed reader may be altered: it is the same reader's word of another paper.
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

function Ask({
  subject,
  said,
}: {
  readonly subject: Extract<Subject, { kind: 'known' }>
  readonly said: FeedbackVerdict | null
}) {
  const { paper, verdict } = subject
  return (
    <>
      <PaperQuote paper={paper} />
      {said === null ? null : <p className="soft">So far you have said: {LABELS[said].toLowerCase()}.</p>}
      <form method="post" className="actions">
        <button type="submit" name="verdict" value={verdict}>
          {LABELS[verdict]}
        </button>
      </form>
      <p className="hint">Nothing is recorded before you press the button.</p>
    </>
  )
}

interface NotedProps {
  readonly paper: Paper
  readonly verdict: FeedbackVerdict
  readonly learned: FeedbackProfile | null
  /** The mail of this page may have been forwarded: it must not open the preferences. */
  readonly freshLink: string
}

function Noted({ paper, verdict, learned, freshLink }: NotedProps) {
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
          <p>So far your feedback taught:</p>
          <FeedbackWords learned={learned} />
        </>
      )}
      <p>
        Your next digests follow it. What was learnt can be forgotten, and interests named and terms muted, in your
        preferences; <a href={freshLink}>have a link to them mailed</a>.
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
