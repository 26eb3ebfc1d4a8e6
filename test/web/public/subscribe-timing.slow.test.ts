import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, it } from '@jest/globals'
import { countOpenTransactionals } from '../../../src/ledger/deliveries/transactional.ts'
import { findSubscriber } from '../../../src/ledger/subscribers/subscribers.ts'
import { subscribe } from '../../../src/subscriptions/subscribe.ts'
import { createWeb } from '../../../src/web/app.ts'
import { interestPreviewsOf, subscribeDepsOf } from '../../../workers/app/web/subscribe.ts'
import { webDepsOf } from '../../../workers/web.ts'
import { addSubscribersFor } from '../../support/app.ts'
import { openWebsite, type Website } from '../../support/web/website.ts'

const PAIRS = 300
/**
 * Returns how well the time distinguishes the two: Cliff's delta, which is the Mann–Whitney U scaled to −1…1. For two
 * equal groups of 300 its standard deviation is 0.047, so 0.2 is more than four of them.
 */
const EFFECT_MAX = 0.2
const MEDIAN_RATIO_MAX = 1.25

// Without workers, which are separate processes in production and would add noise.
const site = await openWebsite('embedded', {}, { workers: false })
const known = Array.from({ length: 2 * PAIRS }, (_, index) => ({ email: `known${index}@example.org` }))
await addSubscribersFor(site.app, known)
afterAll(() => site.close())

describe('the time of an answer', () => {
  it('does not distinguish a subscriber’s address from another', async () => {
    const { known, unknown } = await measure(site.web, 0)
    const [effect, ratio] = [cliff(known, unknown), median(known) / median(unknown)]
    report('as built', known, unknown, effect)
    expect(Math.abs(effect)).toBeLessThan(EFFECT_MAX)
    expect(Math.max(ratio, 1 / ratio)).toBeLessThan(MEDIAN_RATIO_MAX)
  }, 300_000)

  it('would tell, were readers looked up before the answer: this measure sees it', async () => {
    const { app } = site
    const { db, tokens } = app.ledger
    const deps = {
      tokens,
      signUps: app.ledger.signUps,
      newId: randomUUID,
      clock: app.clock,
    }
    const leaky = await createWeb({
      ...webDepsOf(app, null),
      subscribePages: {
        ...subscribeDepsOf(app, interestPreviewsOf(app)),
        async subscribe(request) {
          const answer = await subscribe(request, { ...deps, queueSignUp: () => {} })
          const known = await findSubscriber(db, request.fields.email)
          // An unknown address costs some more statements, as adding one would.
          for (let times = 0; known === null && times < 20; times += 1) await countOpenTransactionals(db)
          return answer
        },
      },
    })
    const { known, unknown } = await measure(leaky, PAIRS)
    const effect = cliff(known, unknown)
    report('leaking', known, unknown, effect)
    await leaky.close()
    expect(Math.abs(effect)).toBeGreaterThan(EFFECT_MAX)
  }, 300_000)
})

async function measure(web: Website['web'], offset: number) {
  const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
  const time = async (kind: 'known' | 'unknown', index: number) => {
    const body = new URLSearchParams({ email: `${kind}${index}@example.org` }).toString()
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-forwarded-for': `10.${kind === 'known' ? 1 : 2}.${index >> 8}.${index & 255}`,
    }
    // Time passes so that no limit is reached.
    site.pass(30 * 60_000)
    const started = performance.now()
    const { statusCode } = await web.inject({ method: 'POST', url: '/subscribe', payload: body, headers })
    times[kind].push(performance.now() - started)
    expect(statusCode).toBe(202)
  }
  for (let index = 0; index < PAIRS; index += 1) {
    // The order changes irregularly, so that side effects of one do not always slow down the other.
    const order =
      ((index * 2_654_435_761) >>> 7) & 1 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)
    for (const kind of order) await time(kind, offset + index)
  }
  return times
}

function cliff(a: readonly number[], b: readonly number[]): number {
  let sum = 0
  for (const x of a) for (const y of b) sum += Math.sign(x - y)
  return sum / (a.length * b.length)
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function report(name: string, known: readonly number[], unknown: readonly number[], effect: number): void {
  process.stdout.write(
    `${name}: known ${median(known).toFixed(2)} ms, unknown ${median(unknown).toFixed(2)} ms (medians of ${PAIRS}), Cliff's delta ${effect.toFixed(3)}\n`,
  )
}
