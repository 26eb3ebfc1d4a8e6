import { createHash } from 'node:crypto'
import type { Config } from '../../../config/config.ts'
import type { Verp } from '../../../src/mail/verp.ts'
import type { BrandVersions } from '../../../src/pipeline/compose/compose.ts'
import type { Sender } from '../../../src/pipeline/compose/message.ts'
import { createLoadingCache } from '../../../src/platform/cache.ts'
import { templateVersion } from '../../../src/rendering/digest/compile.ts'
import type { Brand } from '../../../src/rendering/digest/props.ts'
import type { OwnTemplates } from '../../../src/rendering/own-templates/own-templates.ts'
import type { OpenLedger } from '../ledger.ts'

/** Returns the name and addresses that every message and page of this installation shows. */
export function brandOf(config: Config): Brand {
  return {
    name: config.brand?.name ?? config.mail.from.name ?? 'Paperround',
    publicUrl: config.publicUrl,
    postalAddress: config.mail.postalAddress,
    ...(config.brand === null ? {} : { look: config.brand.look }),
  }
}

/** Says what BRAND_FILE has, for `doctor`. */
export function describeBrand({ name, look: { colours, logo, footer } }: NonNullable<Config['brand']>): string {
  const parts = [
    ...(colours === null ? [] : ['colours']),
    ...(logo === null ? [] : ['a logo']),
    ...(footer.text === null && footer.links.length === 0 ? [] : ['a footer']),
  ]
  const has = parts.length === 0 ? '' : ` It has ${new Intl.ListFormat('en-GB').format(parts)}.`
  return `BRAND_FILE can be used.${name === null ? '' : ` The name is “${name}”.`}${has}`
}

/** Returns the sender of every message. */
export function senderOf(config: Config, verp: Verp): Sender {
  const { from, replyTo, listId, unsubscribeMailbox } = config.mail
  return { from, replyTo, listId, listName: brandOf(config).name, unsubscribeMailbox, verp }
}

/**
 * Stores the brand under the name of the templates, so that a mail that was begun with it can be repeated with the same
 * bytes after the brand was changed.
 */
export async function openBrandVersions(
  config: Config,
  settings: OpenLedger['settings'],
  templates: OwnTemplates | null,
): Promise<BrandVersions> {
  const current = JSON.stringify(brandOf(config))
  const template = createHash('sha256')
    .update(`${templateVersion(config.mail.template)}\0${templates?.version ?? ''}\0${current}`)
    .digest('hex')
    .slice(0, 16)
  await settings.saveSettingOnce(`brand ${template}`, current)
  const earlier = createLoadingCache<Brand | null>({ max: BRANDS_KEPT_MAX })
  return {
    template,
    ...(templates === null ? {} : { templates }),
    findBrand: async (name) =>
      name === template
        ? null
        : earlier(name, async () => {
            const stored = await settings.readSetting(`brand ${name}`)
            return stored === null || stored === current ? null : (JSON.parse(stored) as Brand)
          }),
  }
}

const BRANDS_KEPT_MAX = 20
