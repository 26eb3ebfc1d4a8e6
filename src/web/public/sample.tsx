import type { FastifyInstance, FastifyReply } from 'fastify'
import { checkPreferences } from '../../domain/interests/preferences.ts'
import { DEFAULT_PREFERENCES, type Preferences } from '../../domain/subscriber.ts'
import { say } from '../../language/language.ts'
import { chooseSample, type SendSampleDeps } from '../../pipeline/send-sample.ts'
import { escapeHtml } from '../../rendering/escape.ts'
import { parseInterests } from '../../subscriptions/sign-up.ts'
import { sendMailPage } from '../layout/mail-page.ts'
import type { Site } from '../layout/page.ts'
import { sendPrivatePage } from '../layout/site.ts'
import { fieldsIn, firstOf, linesOf, readPosted } from '../requests/posted.ts'

/** The fields of the sign-up form that a sample depends on. */
const SHOWN = ['interests', 'frequency', 'format']

/**
 * `GET /sample?interests=…` shows the newest digest as a new subscriber with these interests would get it, without sending
 * or storing anything. Its personal links lead to the sign-up. The sign-up form posts to it, and the answer redirects with the interests
 * alone, so that the typed address is in no URL.
 */
export function addSamplePage(
  scope: FastifyInstance,
  site: Site,
  deps: Pick<SendSampleDeps, 'composer' | 'editions'>,
  limit: object,
): void {
  scope.post('/sample', limit, async (request, reply) => {
    const posted = readPosted(request)
    const shown = SHOWN.flatMap((name) => (linesOf(posted, name) === '' ? [] : [[name, linesOf(posted, name)]]))
    return reply
      .header('cache-control', 'no-store')
      .redirect(`/sample?${new URLSearchParams(Object.fromEntries(shown))}`, 303)
  })
  scope.get('/sample', limit, async ({ query }, reply) => {
    const given = fieldsIn(query)
    const typed = linesOf(given, 'interests')
    const interests = parseInterests(typed)
    const back = `/subscribe?${new URLSearchParams({ interests: typed.slice(0, 1_000) })}`
    if (!interests.ok) return sendNone(reply, site, { back, words: interests.fault, status: 400 })
    // An unknown frequency or format is left at its default.
    const { value } = checkPreferences(
      { frequency: firstOf(given, 'frequency'), format: firstOf(given, 'format') },
      DEFAULT_PREFERENCES,
    )
    const html = await composePage({ ...value, interests: interests.value }, site, deps)
    if (html === null)
      return sendNone(reply, site, {
        back,
        words: say('samplePage.noList'),
        status: 200,
      })
    return sendMailPage(reply, html, noteOf(back))
  })
}

async function composePage(
  preferences: Preferences,
  site: Site,
  deps: Pick<SendSampleDeps, 'composer' | 'editions'>,
): Promise<string | null> {
  const sample = await chooseSample(preferences, { ...deps, clock: site.clock })
  if (sample === null) return null
  const digests = await deps.composer.open(sample.day, preferences.frequency === 'weekly')
  const signUp = `${site.brand.publicUrl}/subscribe#sample`
  const item = { deliveryId: '0', subscriberId: '0', address: '', deferrals: 0 }
  const { paperIds, selection } = sample
  return digests.digest({ ...item, paperIds, selection }, sample.keyId, {
    unsubscribeUrl: signUp,
    preferencesUrl: signUp,
    feedbackUrl: signUp,
    browserUrl: site.links.edition(sample.day),
    pictures: false,
    reason: say('samplePage.reason'),
  }).html
}

/** Says that nothing was sent. */
function noteOf(back: string): string {
  const link = `<a style="color:#0b4a7d" href="${escapeHtml(back)}">${escapeHtml(say('samplePage.back'))}</a>`
  return `${escapeHtml(say('samplePage.note'))} ${link}`
}

interface NoSample {
  readonly back: string
  readonly words: string
  readonly status: 200 | 400
}

function sendNone(reply: FastifyReply, site: Site, { back, words, status }: NoSample) {
  const content = (
    <section className="notice-page">
      <h1>{say('samplePage.none')}</h1>
      <p className="lead">{words}</p>
      <p>
        <a href={back}>{say('samplePage.back')}</a>
      </p>
    </section>
  )
  return sendPrivatePage(reply, site, { title: say('samplePage.none'), canonical: null, content }, status)
}
