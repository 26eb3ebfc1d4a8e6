import type { Config } from '../../config/config.ts'
import type { Verp } from '../../src/mail/verp.ts'
import { type BrandVersions, type Composer, createComposer } from '../../src/pipeline/compose/compose.ts'
import { compileDigest, templateVersion } from '../../src/rendering/digest/compile.ts'
import { viewModelOf } from '../../src/rendering/digest/view-model.ts'
import type { Links } from '../../src/security/signed-links.ts'
import { brandOf, senderOf } from './appearance/brand.ts'
import { cachedEditions } from './editions.ts'
import type { OpenLedger } from './ledger.ts'
import { synonymsOf } from './synonyms.ts'

/** Returns a composer with the templates and the brand of this installation. */
export function createComposerFor(
  config: Config,
  ledger: OpenLedger,
  links: Links,
  verp: Verp,
  brands: BrandVersions = { template: templateVersion(config.mail.template) },
): Composer {
  const synonyms = synonymsOf(config)
  return createComposer({
    editions: cachedEditions(ledger.editions, synonyms),
    synonyms,
    recentPapers: ledger.editions,
    compile: (input) => compileDigest(viewModelOf(input), config.mail.template, brands.templates),
    links,
    brand: brandOf(config),
    sender: senderOf(config, verp),
    keyId: ledger.tokens.keyId,
    pictures: config.mail.pictures,
    ...brands,
  })
}
