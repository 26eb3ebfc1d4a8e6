import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  CONFIRM_POSTS_PER_NETWORK_MINUTE,
  INTEREST_PREVIEWS_PER_NETWORK_MINUTE,
  SAMPLE_PAGES_PER_NETWORK_MINUTE,
  SEEDS_PER_NETWORK_MINUTE,
  SIGN_UP_POSTS_PER_NETWORK_MINUTE,
} from '../../../config/limits-subscriptions.ts'
import { checkPreferences } from '../../domain/interests/preferences.ts'
import { DEFAULT_PREFERENCES } from '../../domain/subscriber.ts'
import { say } from '../../language/language.ts'
import type { SendSampleDeps } from '../../pipeline/send-sample.ts'
import type { ConfirmationState, ConfirmResult } from '../../subscriptions/confirm.ts'
import type { InterestPreviews } from '../../subscriptions/interests/interest-preview.ts'
import { splitNames, splitPhrases } from '../../subscriptions/preferences-form.ts'
import type { ProposeDeps } from '../../subscriptions/seeds/propose.ts'
import { EMPTY_SIGN_UP, parseInterests, type SignUpFields } from '../../subscriptions/sign-up.ts'
import type { SubscribeRequest, SubscribeResult } from '../../subscriptions/subscribe.ts'
import type { Site } from '../layout/page.ts'
import { sendPrivatePage } from '../layout/site.ts'
import { addPublicOwnPapers } from '../own-papers/public.tsx'
import { limitNetworks, perMinute } from '../requests/network-limit.ts'
import { fieldsIn, linesOf, type Posted, readPosted } from '../requests/posted.ts'
import { sendConfirmation, sendConfirmed } from '../subscriber/confirm.tsx'
import { addSamplePage } from './sample.tsx'
import { AcceptedPage, BusyPage, SubscribePage } from './subscribe-page.tsx'

/** Dependencies of the subscribe pages. */
export interface SubscribePagesDeps {
  readonly subscribe: (request: SubscribeRequest) => Promise<SubscribeResult>
  readonly readConfirmation: (token: string) => Promise<ConfirmationState>
  readonly confirm: (token: string, ip: string) => Promise<ConfirmResult>
  /** Returns a new form token. */
  readonly formToken: () => string
  readonly interests: InterestPreviews
  /** Composes the digest that `/sample` shows, from these editions. */
  readonly composer: SendSampleDeps['composer']
  readonly editions: SendSampleDeps['editions'] & ProposeDeps['editions']
}

/** `/subscribe`, `/sample`, `/interests/papers`, `/confirm/:token`, `/interests/matching`. */
export async function addSubscribePages(web: FastifyInstance, site: Site, deps: SubscribePagesDeps): Promise<void> {
  await web.register(async (scope) => {
    // A first limit in memory, before the body is read. The binding limits are counted in the ledger.
    await limitNetworks(scope)
    addSamplePage(scope, site, deps, perMinute(SAMPLE_PAGES_PER_NETWORK_MINUTE))
    await addPublicOwnPapers(
      scope,
      site,
      { interests: deps.interests, editions: deps.editions },
      perMinute(SEEDS_PER_NETWORK_MINUTE),
    )
    addSubscribe(scope, site, deps, perMinute(SIGN_UP_POSTS_PER_NETWORK_MINUTE))
    scope.get<{ Params: Token }>('/confirm/:token', async ({ params }, reply) =>
      sendConfirmation(reply, site, await deps.readConfirmation(params.token)),
    )
    scope.post<{ Params: Token }>(
      '/confirm/:token',
      perMinute(CONFIRM_POSTS_PER_NETWORK_MINUTE),
      async ({ params, ip }, reply) => sendConfirmed(reply, site, await deps.confirm(params.token, ip)),
    )
    // By POST too, because all preferences together may be too long for an address.
    scope.route({
      method: ['GET', 'POST'],
      url: '/interests/matching',
      ...perMinute(INTEREST_PREVIEWS_PER_NETWORK_MINUTE),
      handler: async (request, reply) => {
        const given = request.method === 'POST' ? readPosted(request) : fieldsIn(request.query)
        const interests = parseInterests(linesOf(given, 'q') || linesOf(given, 'interests'))
        if (!interests.ok) return reply.status(400).send({ fault: interests.fault })
        const { value, faults } = checkPreferences(
          { muted: splitPhrases(linesOf(given, 'muted')), authors: splitNames(linesOf(given, 'authors')) },
          DEFAULT_PREFERENCES,
        )
        if (faults.length > 0) return reply.status(400).send({ fault: faults.map(({ words }) => words).join(' ') })
        const profile = { interests: interests.value, mutedTerms: value.mutedTerms, authors: value.authors }
        const isEmpty = Object.values(profile).every((each) => each.length === 0)
        if (request.method === 'GET') reply.header('cache-control', 'public, max-age=60')
        return reply.send({ matching: isEmpty ? null : await deps.interests.preview(profile) })
      },
    })
  })
}

interface Token {
  readonly token: string
}

function addSubscribe(scope: FastifyInstance, site: Site, deps: SubscribePagesDeps, limit: object): void {
  scope.get('/subscribe', async ({ query }, reply) => {
    const values = { ...EMPTY_SIGN_UP, interests: linesOf(fieldsIn(query), 'interests') }
    return sendForm(reply, site, { values, formToken: deps.formToken(), spellingChecked: false, answer: null }, 200)
  })
  scope.post('/subscribe', limit, async (request, reply) => {
    const asked = requestOf(request)
    const answer = await deps.subscribe(asked)
    if (answer.kind === 'accepted') return sendAccepted(reply, site)
    if (answer.kind === 'busy') return sendBusy(reply.header('retry-after', '3600'), site, answer.because)
    // A valid form keeps its token: a new one would be too young if the visitor submits again at once.
    const formToken = answer.kind === 'stale' || asked.formToken === '' ? deps.formToken() : asked.formToken
    const { fields: values, spellingChecked } = asked
    return sendForm(reply, site, { values, formToken, spellingChecked, answer }, 422)
  })
}

function requestOf(request: FastifyRequest): SubscribeRequest {
  const posted = readPosted(request)
  return {
    fields: fieldsOf(posted),
    formToken: linesOf(posted, 'form'),
    trap: linesOf(posted, 'website'),
    proof: linesOf(posted, 'proof'),
    slowWay: linesOf(posted, 'slow') !== '',
    spellingChecked: linesOf(posted, 'spelling') === 'checked',
    ip: request.ip,
  }
}

function fieldsOf(posted: Posted): SignUpFields {
  return {
    email: linesOf(posted, 'email'),
    interests: linesOf(posted, 'interests'),
    frequency: linesOf(posted, 'frequency'),
    format: linesOf(posted, 'format'),
    // A typed time zone takes precedence over the list.
    timezone: linesOf(posted, 'timezone_typed').trim() || linesOf(posted, 'timezone'),
    hour: linesOf(posted, 'hour'),
  }
}

function sendForm(
  reply: FastifyReply,
  site: Site,
  props: Omit<Parameters<typeof SubscribePage>[0], 'now'>,
  status: 200 | 422,
) {
  return sendPrivatePage(
    reply,
    site,
    {
      title: say('subscribe.title'),
      canonical: null,
      current: 'subscribe',
      scripts: ['subscribe.js'],
      content: <SubscribePage {...props} now={site.clock()} />,
    },
    status,
  )
}

type BusyReason = Extract<SubscribeResult, { kind: 'busy' }>['because']

function sendAccepted(reply: FastifyReply, site: Site) {
  return sendPrivatePage(
    reply,
    site,
    {
      title: say('page.checkInbox'),
      canonical: null,
      current: 'subscribe',
      content: <AcceptedPage sender={site.brand.name} />,
    },
    202,
  )
}

function sendBusy(reply: FastifyReply, site: Site, because: BusyReason) {
  const content = <BusyPage because={because} />
  return sendPrivatePage(reply, site, { title: say('busy.title'), canonical: null, current: 'subscribe', content }, 429)
}
