import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { addDays, dayIn } from '../src/domain/day.ts'
import { checkAddress } from '../src/domain/subscriber.ts'
import { setLanguage } from '../src/language/language.ts'
import { createVerp } from '../src/mail/verp.ts'
import type { PreviewLedger } from '../src/preview/preview-mails.ts'
import { createPreview } from '../src/preview/server.tsx'
import { createReactLoader } from '../src/preview/templates/react-templates.ts'
import { OUR_TEMPLATES } from '../src/rendering/own-templates/own-templates.ts'
import { createLinks } from '../src/security/signed-links.ts'
import { createTokens } from '../src/security/tokens.ts'
import { withBrandAssets } from '../src/web/layout/brand/assets.ts'
import { brandOf, senderOf } from './app/appearance/brand.ts'
import { languageOf } from './app/appearance/language.ts'
import { cachedEditions } from './app/editions.ts'
import { type OpenLedger, openLedger } from './app/ledger.ts'
import { synonymsOf } from './app/synonyms.ts'
import { openTransports } from './app/transports.ts'
import type { Running } from './send.ts'

const DAYS_BACK = 400 // A little over a year.

/** Starts the preview on loopback. Its URL contains the access token. Without a ledger it shows only the scenarios. */
export async function startPreview(
  config: Config,
  options: {
    readonly port: number
    readonly clock: () => Date
    readonly folder?: string
    readonly chromium?: string | undefined
  },
): Promise<Running & { readonly url: string; readonly noLedger: string | null }> {
  setLanguage(languageOf(config))
  const { ledger, reason } = await tryLedger(config)
  // The preview has its own secret, because a previewed unsubscribe link must not work.
  const tokens = createTokens([`preview ${randomBytes(24).toString('hex')}`])
  const token = randomBytes(24).toString('base64url')
  const transports = await openTransports(config, options.clock)
  const [transport] = transports
  if (transport === undefined) throw new Error('the configuration names no transport')
  const { brandAssets } = await withBrandAssets({ brand: brandOf(config) }, config.brand?.pictures ?? [])
  const server = await createPreview({
    identity: {
      brand: brandOf(config),
      sender: senderOf(config, createVerp(tokens, config.bounces.address)),
      links: createLinks(config.publicUrl, tokens),
      keyId: tokens.keyId,
    },
    folder: options.folder ?? config.templatesDir ?? OUR_TEMPLATES,
    own: options.folder === undefined && config.templatesDir !== null,
    pictures: brandAssets?.files ?? new Map(),
    engine: config.mail.template,
    react: await createReactLoader(),
    ledger: ledger === null ? null : previewLedger(ledger, config, options.clock),
    noLedger: reason,
    transport,
    newId: randomUUID,
    token,
    chromium: options.chromium ?? null,
  })
  const close = async () => {
    await server.close()
    await Promise.all(transports.map((each) => each.close()))
    await ledger?.close()
  }
  try {
    const url = await server.listen({ port: options.port, host: '127.0.0.1' })
    return { url: `${url}/${token}`, noLedger: ledger === null ? reason : null, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function tryLedger(config: Config): Promise<{ ledger: OpenLedger | null; reason: string }> {
  // The preview must not create a database.
  if (config.databaseUrl === null && !existsSync(join(config.dataDir, 'owner')))
    return { ledger: null, reason: 'There is no ledger yet: run a morning or the demo, and start the preview again.' }
  try {
    return { ledger: await openLedger(config), reason: '' }
  } catch (error) {
    return { ledger: null, reason: `The ledger could not be opened: ${(error as Error).message}` }
  }
}

function previewLedger(
  { editions, reports, subscribers }: OpenLedger,
  config: Config,
  clock: () => Date,
): PreviewLedger {
  return {
    async listDays() {
      const today = dayIn(config.edition.timezone, clock())
      return (await editions.readEditionDays(addDays(today, -DAYS_BACK), addDays(today, 1))).reverse()
    },
    async findScenario(day, email) {
      const address = checkAddress(email)
      const subscriber = address.ok ? await subscribers.findSubscriber(address.key) : null
      if (subscriber === null) return null
      return {
        day,
        subscriber: { ...subscriber, learned: (await subscribers.readFeedbackProfile(subscriber.id))?.learned ?? null },
        since: subscriber.pausedSince !== null && subscriber.pausedSince <= day ? subscriber.pausedSince : null,
        editions: cachedEditions(editions, synonymsOf(config)),
        readAlreadySent: (ids, period) => reports.readSentPaperIds(subscriber.id, ids, period),
      }
    },
  }
}
