import { PREVIEW_MAIL_CACHE_MAX } from '../../config/limits-web.ts'
import { parseDay } from '../domain/day.ts'
import { buildMime } from '../mail/mime.ts'
import type { Message } from '../mail/transport.ts'
import { createLoadingCache } from '../platform/cache.ts'
import {
  type ComposedMail,
  composeDigest,
  composeTransactional,
  type DigestScenario,
  type PreviewIdentity,
  scenarioOf,
} from './composing.ts'
import { LEDGER_SCENARIO, type PreviewQuery, transactionalFolder } from './query.ts'
import { SCENARIOS } from './scenarios/scenarios.ts'
import type { EditableProps, Edits } from './templates/input.ts'
import type { ReactLoader } from './templates/react-templates.ts'
import { explainFault, type TemplateFault } from './templates/template-faults.ts'
import type { TemplateRevisions } from './templates/template-revisions.ts'

/** A mail to look at, or why there is none. */
export type PreviewMail =
  | { readonly kind: 'mail'; readonly message: Message; readonly eml: Buffer; readonly props: EditableProps }
  | { readonly kind: 'nothing'; readonly why: string }
  | { readonly kind: 'fault'; readonly fault: TemplateFault }

/** The ledger queries of the preview, or null without a ledger. */
export interface PreviewLedger {
  /** Newest first. */
  readonly listDays: () => Promise<readonly string[]>
  /** null: no such reader. */
  readonly findMatter: (day: NonNullable<ReturnType<typeof parseDay>>, email: string) => Promise<DigestScenario | null>
}

export interface PreviewMailsDeps {
  readonly shelf: TemplateRevisions
  readonly react: ReactLoader | null
  readonly identity: PreviewIdentity
  readonly edits: Edits
  readonly ledger: PreviewLedger | null
}

/** Makes the mails of looks; the same mail is made once. */
export interface PreviewMails {
  mail(look: PreviewQuery): Promise<PreviewMail>
}

export function createPreviewMails(deps: PreviewMailsDeps): PreviewMails {
  const mails = createLoadingCache<PreviewMail>({ max: PREVIEW_MAIL_CACHE_MAX })
  return {
    async mail(look) {
      const shelved = await deps.shelf.open(look.revision, look.engine)
      if (shelved.kind === 'absent') return { kind: 'nothing', why: shelved.reason }
      const { scenario, day, email, edit, engine } = look
      const key = JSON.stringify([shelved.stamp, scenario, day, email, edit, engine])
      const making = () => make(look, shelved.templates, deps)
      try {
        // A reader's history grows: what comes from the ledger is read again each time.
        return await (scenario === LEDGER_SCENARIO ? making() : mails(key, making))
      } catch (error) {
        const folder = transactionalFolder(scenario) ?? 'digest'
        return { kind: 'fault', fault: explainFault(error, shelved.folder, folder, deps.react) }
      }
    },
  }
}

async function make(
  look: PreviewQuery,
  templates: Parameters<typeof composeTransactional>[1]['templates'],
  { identity, edits, ledger }: PreviewMailsDeps,
): Promise<PreviewMail> {
  const making = { engine: look.engine, templates, edit: edits.find(look.edit)?.value ?? null }
  const transactional = transactionalFolder(look.scenario)
  if (transactional !== null) return sealed(await composeTransactional(transactional, making, identity))
  const matter = await matterFor(look, ledger)
  if (typeof matter === 'string') return { kind: 'nothing', why: matter }
  return sealed(await composeDigest(matter, making, identity))
}

function sealed(made: ComposedMail): PreviewMail {
  if (made.kind === 'nothing') return made
  return { kind: 'mail', message: made.message, eml: buildMime(made.message), props: made.props }
}

/** The rows of a look, or a sentence that says why there are none. */
async function matterFor(look: PreviewQuery, ledger: PreviewLedger | null): Promise<DigestScenario | string> {
  if (look.scenario !== LEDGER_SCENARIO) {
    const scenario = SCENARIOS.find(({ id }) => id === look.scenario)
    return scenario === undefined ? `There is no scenario “${look.scenario}”.` : scenarioOf(scenario)
  }
  if (ledger === null) return 'There is no ledger here: only scenarios can be shown.'
  const day = parseDay(look.day)
  if (day === null) return 'Choose a day, written as YYYY-MM-DD, and a reader.'
  const matter = await ledger.findMatter(day, look.email)
  if (matter === null) return `There is no reader ${look.email}.`
  const edition = await matter.editions.readEdition(day)
  return edition === null || edition.entries.length === 0 ? `There is no edition of ${day}.` : matter
}
