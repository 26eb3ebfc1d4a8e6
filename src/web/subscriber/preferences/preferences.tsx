import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { nextDigest } from '../../../domain/schedule/next-digest.ts'
import { checkAddress, type Subscriber } from '../../../domain/subscriber.ts'
import { say } from '../../../language/language.ts'
import type { Logger } from '../../../platform/log/log.ts'
import type { InterestPreview, InterestPreviews } from '../../../subscriptions/interests/interest-preview.ts'
import { hashMailbox } from '../../../subscriptions/mailbox.ts'
import { type Fields, readPause, readPreferencesInput } from '../../../subscriptions/preferences-form.ts'
import type { FormError } from '../../layout/controls.tsx'
import type { Site } from '../../layout/page.ts'
import { ownPath, sendPrivatePage } from '../../layout/site.ts'
import { firstOf, isCrossSite, readPosted } from '../../requests/posted.ts'
import type { SubscriberPagesDeps } from '../deps.ts'
import { openPreferencesLink, sendClosedLink } from '../links/preferences-link.ts'
import { sendCrossSite } from '../links/token-pages.tsx'
import { addDataPages } from './personal-data.tsx'
import { PreferencesPage } from './preferences-page.tsx'
import { isNews, type News, type PreferencesView } from './preferences-view.ts'
import { readingAddresses } from './reading-links.tsx'

type TokenRequest = FastifyRequest<{ Params: { token: string }; Querystring: Record<string, unknown> }>

/** Outcome of a form: a redirect with a message, or the page again with errors. */
type Result =
  | {
      readonly kind: 'done'
      readonly news: News
      /** New path of the page, if its link has changed. */
      readonly path?: string
    }
  | { readonly kind: 'faulty'; readonly faults: readonly FormError[] }
  /** The page shows what the entered preferences would match, and saves nothing. */
  | { readonly kind: 'preview' }

/**
 * `/preferences/:token`, without login: the token grants access. Old links work until the subscriber changes the
 * address or disables old links. A valid form is answered with 303, so that reloading submits nothing. An invalid form
 * is shown again with 422 and the entered values, and nothing is saved.
 */
export function addPreferencesPages(web: FastifyInstance, site: Site, deps: SubscriberPagesDeps): void {
  web.get('/preferences/:token', async (request: TokenRequest, reply) => {
    const found = await openPreferencesLink(request.params.token, deps)
    if (found.kind !== 'open') return sendClosedLink(found, reply, site)
    const { subscriber } = found
    const { saved } = request.query
    return sendPreferences(reply, site, deps, {
      subscriber,
      news: isNews(saved) ? saved : null,
      faults: [],
      typed: null,
      unsaved: false,
    })
  })
  web.post('/preferences/:token', async (request: TokenRequest, reply) => {
    if (isCrossSite(request)) return sendCrossSite(reply, site)
    const { token } = request.params
    const found = await openPreferencesLink(token, deps)
    if (found.kind !== 'open') return sendClosedLink(found, reply, site)
    const { subscriber } = found
    const posted = readPosted(request)
    const section = firstOf(posted, 'section')
    const result = await (SECTIONS.get(section ?? '') ?? save)(subscriber, posted, site, deps)
    if (result.kind === 'faulty')
      return sendPreferences(reply, site, deps, { ...entered(subscriber, posted), faults: result.faults }, 422)
    if (result.kind === 'preview') return sendPreferences(reply, site, deps, entered(subscriber, posted))
    return reply
      .header('cache-control', 'no-store')
      .redirect(`${result.path ?? `/preferences/${encodeURIComponent(token)}`}?saved=${result.news}`, 303)
  })
  addDataPages(web, site, deps)
}

function entered(subscriber: Subscriber, typed: Fields): Shown {
  return { subscriber, news: null, faults: [], typed, unsaved: true }
}

type Handler = (
  subscriber: Subscriber,
  posted: ReturnType<typeof readPosted>,
  site: Site,
  deps: SubscriberPagesDeps,
) => Promise<Result>

const save: Handler = async (subscriber, posted, site, { ledger }) => {
  const { wanted: changes, faults } = readPreferencesInput(posted, subscriber)
  if (faults.length > 0)
    return { kind: 'faulty', faults: faults.map(({ field, words }) => ({ field, words: capitalise(words) })) }
  if (firstOf(posted, 'action') === 'preview') return { kind: 'preview' }
  const saved = await ledger.subscribers.savePreferences(subscriber.id, changes, site.clock())
  return { kind: 'done', news: saved.kind === 'saved' && saved.changed.length === 0 ? 'same' : 'preferences' }
}

const pause: Handler = async (subscriber, posted, site, { ledger }) => {
  if (firstOf(posted, 'action') === 'resume') {
    await ledger.subscribers.resumeSubscriber(subscriber, site.clock())
    return { kind: 'done', news: 'resumed' }
  }
  const input = readPause(firstOf(posted, 'until'), subscriber.timezone, site.clock())
  if (!input.ok) return { kind: 'faulty', faults: [{ field: 'until', words: input.reason }] }
  const paused = await ledger.subscribers.pauseSubscriber(subscriber, input.until, site.clock())
  return { kind: 'done', news: paused ? 'paused' : 'same' }
}

const changeAddress: Handler = async (subscriber, posted, site, deps) => {
  const fault = (words: string): Result => ({ kind: 'faulty', faults: [{ field: 'email', words }] })
  const address = checkAddress(firstOf(posted, 'email') ?? '')
  if (!address.ok) return fault(say('address.unusable', { reason: address.reason }))
  const id = deps.newId()
  const addressHash = deps.tokens.hashAddress(address.key)
  const mailboxHash = hashMailbox(deps.tokens, address.key)
  const change = {
    id,
    subscriberId: subscriber.id,
    email: address.email,
    emailKey: address.key,
    addressHash,
    mailboxHash,
  }
  const asked = await deps.ledger.links.requestAddressChange(change, site.clock())
  if (asked.kind === 'same') return fault(say('address.same'))
  if (asked.kind === 'too-often') return fault(say('address.tooOften'))
  if (asked.kind === 'not-found') return fault(say('address.notActive'))
  if (asked.kind === 'asked') await deps.sendTransactionals([id])
  return { kind: 'done', news: 'address' }
}

/** Disables old links. Redirects to a new link, because the person who pressed the button is already authorised. */
const revokeLinks: Handler = async ({ id }, _posted, site, { ledger }) => {
  const linkGeneration = await ledger.links.revokeLinks(id, site.clock())
  if (linkGeneration === null) return { kind: 'done', news: 'same' }
  return { kind: 'done', news: 'logged-out', path: ownPath(site, site.links.preferences({ id, linkGeneration })) }
}

const deleteFeedback: Handler = async (subscriber, _posted, site, { ledger }) => {
  const deleted = await ledger.subscribers.deleteFeedback(subscriber.id, site.clock())
  return { kind: 'done', news: deleted > 0 ? 'forgotten' : 'same' }
}

const sendSample: Handler = async (subscriber, _posted, _site, deps) => {
  const news = { written: 'sample', 'had-one': 'sample-had', empty: 'sample-empty', 'not-subscribed': 'same' } as const
  return { kind: 'done', news: news[await deps.sendSample(subscriber)] }
}

/** Handlers by the `section` field. The main form has none. */
const SECTIONS: ReadonlyMap<string, Handler> = new Map([
  ['pause', pause],
  ['address', changeAddress],
  ['learned', deleteFeedback],
  ['sample', sendSample],
  ['links', revokeLinks],
])

/** Errors of `checkPreferences` start in lower case, for the command line. */
function capitalise(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}

type Shown = Pick<PreferencesView, 'subscriber' | 'news' | 'faults' | 'typed' | 'unsaved'>

async function sendPreferences(
  reply: FastifyReply,
  site: Site,
  { ledger, interests, log }: SubscriberPagesDeps,
  shown: Shown,
  status = 200,
) {
  const { subscriber } = shown
  const now = site.clock()
  const path = ownPath(site, site.links.preferences(subscriber))
  const view: PreferencesView = {
    ...shown,
    path,
    unsubscribePath: ownPath(site, site.links.subscriber('unsubscribe', subscriber.id)),
    now,
    reading: readingAddresses(subscriber, site),
    preview: await previewOf(shown, interests, log),
    profile: await ledger.subscribers.readFeedbackProfile(subscriber.id),
    history: await ledger.reports.readHistory(subscriber.id, DIGESTS_SHOWN),
    next: nextDigest({
      subscriber,
      had: await ledger.reports.readPeriods(subscriber.id),
      recent: await ledger.dispatches.readRecentEditions(now),
      now,
    }),
  }
  const title = shown.faults.length > 0 ? say('preferences.errorTitle') : say('preferences.title')
  return sendPrivatePage(
    reply,
    site,
    { title, canonical: null, scripts: ['subscribe.js'], content: <PreferencesPage view={view} /> },
    status,
  )
}

/** Returns what the shown preferences match. A failure must not keep anybody from their preferences. */
async function previewOf(
  { subscriber, typed }: Shown,
  interests: InterestPreviews,
  log: Logger,
): Promise<InterestPreview | null> {
  const shown = typed === null ? subscriber : readPreferencesInput(typed, subscriber).entered
  const profile = { interests: shown.interests, mutedTerms: shown.mutedTerms, authors: shown.authors }
  if (Object.values(profile).every((each) => each.length === 0)) return null
  return interests.preview(profile).catch((error: unknown) => {
    log.error({ error }, 'cannot preview interests')
    return null
  })
}

const DIGESTS_SHOWN = 3
