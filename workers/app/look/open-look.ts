import { randomUUID } from 'node:crypto'
import { FORECAST_KEPT_MS } from '../../../config/limits-web.ts'
import type { Day } from '../../../src/domain/day.ts'
import { checkAddress } from '../../../src/domain/subscriber.ts'
import { createVerp } from '../../../src/mail/verp.ts'
import { composeView } from '../../../src/pipeline/look/compose-view.ts'
import { type DigestReader, subscriberReader } from '../../../src/pipeline/look/readers.ts'
import { testSend } from '../../../src/pipeline/look/test-send.ts'
import { type Ahead, aheadOf } from '../../../src/pipeline/state/subscribers-ahead.ts'
import { createLoadingCache } from '../../../src/platform/cache.ts'
import { createEditionChecks } from '../../../src/preview/edition-checks.ts'
import { addressHasher } from '../../../src/security/address-hash.ts'
import { createLinks } from '../../../src/security/signed-links.ts'
import { createViewTokens } from '../../../src/security/view-tokens.ts'
import type { Look } from '../../../src/web/admin/deps.ts'
import type { App } from '../app.ts'
import { createComposerFor } from '../composer.ts'

/** Connects the view of digests, their checks and the test mail, for the admin and for the commands. */
export function openLook(
  app: Pick<App, 'config' | 'clock' | 'ledger' | 'transports'>,
  options: { readonly waitMs?: number; readonly spamWaitMs?: number } = {},
): Look {
  const { config, clock, ledger, transports } = app
  const tokens = createViewTokens(ledger.tokens)
  const links = createLinks(config.publicUrl, tokens)
  const composer = createComposerFor(config, { ...ledger, tokens }, links, createVerp(tokens, config.bounces.address))
  const viewing = { composer, editions: ledger.editions, reports: ledger.reports, clock }
  const compose = (day: Day, reader: DigestReader) => composeView(day, reader, viewing)
  const readPapers = async (ids: readonly string[]) =>
    (await ledger.editions.readFeedPapers(ids)).map(({ paper }) => paper)
  const forecasts = createLoadingCache<Ahead>({ max: 8, expiry: { ms: FORECAST_KEPT_MS, clock } })
  return {
    compose,
    readPapers,
    async findReader(text) {
      const { subscribers } = ledger
      const address = checkAddress(text)
      const subscriber = /^[1-9]\d{0,17}$/.test(text)
        ? await subscribers.readSubscriber(text)
        : address.ok
          ? await subscribers.findSubscriber(address.key)
          : null
      if (subscriber === null) return null
      return subscriberReader(subscriber, (await subscribers.readFeedbackProfile(subscriber.id))?.learned ?? null)
    },
    checks: createEditionChecks({ compose, readPapers, publicUrl: config.publicUrl, clock, ...options }),
    forecast: (day, { revision, canaryPercent }) =>
      forecasts(`${day} ${revision} ${canaryPercent}`, async () => {
        const at = clock()
        return aheadOf(await ledger.dispatches.readAhead(day, at), { day, at })
      }),
    testSend: (request) =>
      testSend(request, {
        ...viewing,
        transports,
        hashOf: addressHasher(ledger.tokens),
        subscribers: ledger.subscribers,
        pauses: ledger.dispatches,
        operators: ledger.operators,
        newId: randomUUID,
      }),
  }
}
