import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  CONFIRM_POSTS_PER_NETWORK_MINUTE,
  INTEREST_PREVIEWS_PER_NETWORK_MINUTE,
  SIGN_UP_POSTS_PER_NETWORK_MINUTE,
} from '../../../config/limits-subscriptions.ts'
import { networkOf } from '../../security/client-ip.ts'
import type { ConfirmationState, ConfirmResult } from '../../subscriptions/confirm.ts'
import type { InterestPreview } from '../../subscriptions/interest-preview.ts'
import { EMPTY_SIGN_UP, parseInterests, type SignUpFields } from '../../subscriptions/sign-up.ts'
import type { SubscribeRequest, SubscribeResult } from '../../subscriptions/subscribe.ts'
import type { Site } from '../layout/page.ts'
import { sendPrivatePage } from '../layout/site.ts'
import { fieldsIn, linesOf, type Posted, readPosted } from '../requests/posted.ts'
import { sendConfirmation, sendConfirmed } from '../subscriber/confirm.tsx'
import { AcceptedPage, BusyPage, SubscribePage } from './subscribe-page.tsx'

/** Dependencies of the subscribe pages. */
export interface SubscribePagesDeps {
  readonly subscribe: (request: SubscribeRequest) => Promise<SubscribeResult>
  readonly readConfirmation: (token: string) => Promise<ConfirmationState>
  readonly confirm: (token: string, ip: string) => Promise<ConfirmResult>
  /** Returns a new form token. */
  readonly formToken: () => string
  readonly previewInterests: (interests: readonly string[]) => Promise<InterestPreview | null>
}

/** `/subscribe`, `/confirm/:token`, `/interests/matching`. */
export async function addSubscribePages(web: FastifyInstance, site: Site, deps: SubscribePagesDeps): Promise<void> {
  await web.register(async (scope) => {
    // A first limit in memory, before the body is read. The binding limits are counted in the ledger.
    await scope.register(rateLimit, { global: false, keyGenerator: ({ ip }) => networkOf(ip) })
    const perMinute = (max: number) => ({ config: { rateLimit: { max, timeWindow: 60_000 } } })
    addSubscribe(scope, site, deps, perMinute(SIGN_UP_POSTS_PER_NETWORK_MINUTE))
    scope.get<{ Params: Token }>('/confirm/:token', async ({ params }, reply) =>
      sendConfirmation(reply, site, await deps.readConfirmation(params.token)),
    )
    scope.post<{ Params: Token }>(
      '/confirm/:token',
      perMinute(CONFIRM_POSTS_PER_NETWORK_MINUTE),
      async ({ params, ip }, reply) => sendConfirmed(reply, site, await deps.confirm(params.token, ip)),
    )
    scope.get('/interests/matching', perMinute(INTEREST_PREVIEWS_PER_NETWORK_MINUTE), async ({ query }, reply) => {
      const interests = parseInterests(linesOf(fieldsIn(query), 'q'))
      if (!interests.ok) return reply.status(400).send({ fault: interests.fault })
      const matching = interests.value.length === 0 ? null : await deps.previewInterests(interests.value)
      return reply.header('cache-control', 'public, max-age=60').send({ matching })
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

function sendForm(reply: FastifyReply, site: Site, props: Parameters<typeof SubscribePage>[0], status: 200 | 422) {
  return sendPrivatePage(
    reply,
    site,
    {
      title: 'Subscribe',
      canonical: null,
      current: 'subscribe',
      scripts: ['subscribe.js'],
      content: <SubscribePage {...props} />,
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
      title: 'Check your inbox',
      canonical: null,
      current: 'subscribe',
      content: <AcceptedPage sender={site.brand.name} />,
    },
    202,
  )
}

function sendBusy(reply: FastifyReply, site: Site, because: BusyReason) {
  const content = <BusyPage because={because} />
  return sendPrivatePage(
    reply,
    site,
    { title: 'Please come back in an hour', canonical: null, current: 'subscribe', content },
    429,
  )
}
