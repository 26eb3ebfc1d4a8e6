import type { Config } from '../../config/config.ts'
import type { Verp } from '../../src/mail/verp.ts'
import { type Composer, createComposer } from '../../src/pipeline/compose/compose.ts'
import { createChooser } from '../../src/ranking/choose.ts'
import { EXPLAINING } from '../../src/ranking/explain.ts'
import { assembleDigest } from '../../src/rendering/digest/assemble.ts'
import { compileDigest, templateVersion } from '../../src/rendering/digest/compile.ts'
import { viewModelOf } from '../../src/rendering/digest/view-model.ts'
import type { Links } from '../../src/security/signed-links.ts'
import { brandOf, senderOf } from './brand.ts'
import { candidateReader } from './candidates.ts'
import type { OpenLedger } from './ledger.ts'

/** Makes digests with the templates and words of this installation. */
export function createComposerFor(config: Config, ledger: OpenLedger, links: Links, marks: Verp): Composer {
  return createComposer({
    ...candidateReader(ledger),
    present: viewModelOf,
    compile: (props) => compileDigest(props, config.mail.template),
    assemble: assembleDigest,
    createChooser,
    ...EXPLAINING,
    links,
    brand: brandOf(config),
    sender: senderOf(config, marks),
    keyId: ledger.tokens.keyId,
    template: templateVersion(config.mail.template),
  })
}
