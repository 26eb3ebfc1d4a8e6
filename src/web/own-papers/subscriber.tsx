import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { INTERESTS_MAX } from '../../../config/limits.ts'
import {
  SEED_CHARS_MAX,
  SEED_PAPERS_SHOWN_MAX,
  SEEDS_PER_NETWORK_MINUTE,
} from '../../../config/limits-subscriptions.ts'
import { checkPreferences } from '../../domain/interests/preferences.ts'
import { canonicalId } from '../../domain/paper.ts'
import type { Subscriber } from '../../domain/subscriber.ts'
import { say } from '../../language/language.ts'
import { type Proposals, proposeFromWorks } from '../../subscriptions/seeds/propose.ts'
import type { Site } from '../layout/page.ts'
import { ownPath, sendPrivatePage } from '../layout/site.ts'
import { limitNetworks } from '../requests/network-limit.ts'
import { firstOf, isCrossSite, readPosted } from '../requests/posted.ts'
import { acceptUploads } from '../requests/upload.ts'
import type { SubscriberPagesDeps } from '../subscriber/deps.ts'
import { openPreferencesLink, sendClosedLink } from '../subscriber/links/preferences-link.ts'
import { sendCrossSite } from '../subscriber/links/token-pages.tsx'
import { statusOf, worksIn } from './public.tsx'
import { ProposedInterests, SeedForm, SeedReport } from './seed-form.tsx'

type TokenRequest = FastifyRequest<{ Params: { token: string } }>

/**
 * `/preferences/:token/papers` proposes interests, and papers to like, from a subscriber’s own papers. A first post shows the
 * proposals. A second one saves those that were ticked.
 */
export async function addOwnPapersPages(web: FastifyInstance, site: Site, deps: SubscriberPagesDeps): Promise<void> {
  web.get('/preferences/:token/papers', async ({ params }: TokenRequest, reply) => {
    const found = await openPreferencesLink(params.token, deps)
    if (found.kind !== 'open') return sendClosedLink(found, reply, site)
    return send(reply, site, { subscriber: found.subscriber, works: '', proposals: null, fault: null })
  })
  await web.register(async (withFiles) => {
    // A list takes up to a second, and anybody can subscribe.
    await limitNetworks(withFiles, SEEDS_PER_NETWORK_MINUTE)
    acceptUploads(withFiles, SEED_CHARS_MAX)
    withFiles.post(
      '/preferences/:token/papers',
      { bodyLimit: 2 * SEED_CHARS_MAX },
      async (request: TokenRequest, reply) => {
        if (isCrossSite(request)) return sendCrossSite(reply, site)
        const found = await openPreferencesLink(request.params.token, deps)
        if (found.kind !== 'open') return sendClosedLink(found, reply, site)
        const { subscriber } = found
        const posted = readPosted(request)
        if (firstOf(posted, 'action') === 'save') return save(reply, site, subscriber, posted, deps)
        const { works, text } = worksIn(posted)
        const proposals = await proposeFromWorks(text, subscriber.interests, {
          interests: deps.interests,
          editions: deps.ledger.editions,
        })
        return send(reply, site, { subscriber, works, proposals, fault: null })
      },
    )
  })
}

/** Adds the ticked interests, and records “more like this” for the ticked papers. */
async function save(
  reply: FastifyReply,
  site: Site,
  subscriber: Subscriber,
  posted: ReturnType<typeof readPosted>,
  { ledger, updateFeedbackProfile }: SubscriberPagesDeps,
) {
  const chosen = posted.get('interests') ?? []
  const interests = [...new Set([...subscriber.interests, ...chosen])]
  const { value, faults } = checkPreferences({ interests }, subscriber)
  const [fault] = faults
  if (fault !== undefined) {
    const words = say('seeds.fault', { fault: fault.words, count: subscriber.interests.length, most: INTERESTS_MAX })
    return send(reply, site, { subscriber, works: '', proposals: null, fault: words })
  }
  const at = site.clock()
  if (chosen.length > 0) await ledger.subscribers.savePreferences(subscriber.id, { interests: value.interests }, at)
  let liked = 0
  for (const id of (posted.get('papers') ?? []).slice(0, SEED_PAPERS_SHOWN_MAX)) {
    const paperId = canonicalId(id)
    if (paperId === null || (await ledger.subscribers.readJudgedPaper(paperId)) === null) continue
    const written = await ledger.subscribers.writeFeedback(
      { subscriberId: subscriber.id, paperId, verdict: 'more' },
      at,
    )
    if (written === 'written') liked += 1
  }
  // If it fails, reconcile learns from the feedback within a minute.
  if (liked > 0) await updateFeedbackProfile(subscriber.id).catch(() => null)
  const news = chosen.length === 0 && liked === 0 ? 'same' : 'seeded'
  const path = ownPath(site, site.links.preferences(subscriber))
  return reply.header('cache-control', 'no-store').redirect(`${path}?saved=${news}`, 303)
}

interface Shown {
  readonly subscriber: Subscriber
  readonly works: string
  readonly proposals: Proposals | null
  readonly fault: string | null
}

function send(reply: FastifyReply, site: Site, { subscriber, works, proposals, fault }: Shown) {
  const title = say('seeds.title')
  const content = (
    <>
      <h1>{title}</h1>
      {fault === null ? null : (
        <p className="message bad" role="alert">
          {fault}
        </p>
      )}
      {proposals === null ? <p className="lead">{say('seeds.leadAdd')}</p> : <SeedReport proposals={proposals} />}
      {proposals === null ? null : <Choice proposals={proposals} />}
      <SeedForm works={works} />
      <p>
        <a href={ownPath(site, site.links.preferences(subscriber))}>{say('seeds.back')}</a>
      </p>
    </>
  )
  const status = fault === null ? statusOf(proposals) : 422
  return sendPrivatePage(reply, site, { title, canonical: null, content }, status)
}

function Choice({ proposals: { interests, papers } }: { readonly proposals: Proposals }) {
  if (interests.length === 0 && papers.length === 0) return null
  return (
    <form method="post" className="panel stack">
      <input type="hidden" name="action" value="save" />
      <ProposedInterests interests={interests} />
      {papers.length === 0 ? null : (
        <fieldset>
          <legend>{say('seeds.more')}</legend>
          {papers.map(({ id, title }) => (
            <label className="choice" key={id}>
              <input type="checkbox" name="papers" value={id} />
              <span dir="auto">{title}</span>
            </label>
          ))}
        </fieldset>
      )}
      <div>
        <button type="submit">{say('seeds.add')}</button>
      </div>
    </form>
  )
}
