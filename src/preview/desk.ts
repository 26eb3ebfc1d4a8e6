import { PREVIEW_MAILS_KEPT_MAX } from '../../config/limits.ts'
import { parseDay } from '../day.ts'
import { buildMime } from '../mail/mime.ts'
import type { Letter } from '../mail/transport.ts'
import { type DigestMatter, type Identity, type Made, makeDigest, makeNotice, matterOf } from './composing.ts'
import type { EditableProps, Edits } from './edits.ts'
import { explainFault, type TemplateFault } from './faults.ts'
import { LEDGER_SCENARIO, type Look, noticeFolder } from './look.ts'
import type { ReactLoader } from './react-templates.ts'
import { SCENARIOS } from './scenarios.ts'
import type { Shelf } from './shelf.ts'

/** A mail to look at, or why there is none. */
export type Mail =
  | { readonly kind: 'mail'; readonly letter: Letter; readonly eml: Buffer; readonly props: EditableProps }
  | { readonly kind: 'nothing'; readonly why: string }
  | { readonly kind: 'fault'; readonly fault: TemplateFault }

/** What the preview reads of a ledger; null where there is none. */
export interface PreviewLedger {
  /** Newest first. */
  readonly listDays: () => Promise<readonly string[]>
  /** null: no such reader. */
  readonly findMatter: (day: NonNullable<ReturnType<typeof parseDay>>, email: string) => Promise<DigestMatter | null>
}

export interface DeskParts {
  readonly shelf: Shelf
  readonly react: ReactLoader | null
  readonly identity: Identity
  readonly edits: Edits
  readonly ledger: PreviewLedger | null
}

/** Makes the mails of looks; the same mail is made once. */
export interface Desk {
  mail(look: Look): Promise<Mail>
}

export function createDesk(parts: DeskParts): Desk {
  const kept = new Map<string, Promise<Mail>>()
  return {
    async mail(look) {
      const shelved = await parts.shelf.open(look.revision, look.engine)
      if (shelved.kind === 'absent') return { kind: 'nothing', why: shelved.reason }
      const { scenario, day, email, edit, engine } = look
      const key = JSON.stringify([shelved.stamp, scenario, day, email, edit, engine])
      const known = kept.get(key)
      if (known !== undefined) return known
      const making = make(look, shelved, parts)
      // A reader's history grows: what comes from the ledger is read again each time.
      if (scenario !== LEDGER_SCENARIO) kept.set(key, making)
      if (kept.size > PREVIEW_MAILS_KEPT_MAX) kept.delete(kept.keys().next().value ?? '')
      return making
    },
  }
}

async function make(
  look: Look,
  { templates, folder }: { templates: Parameters<typeof makeNotice>[1]['templates']; folder: string },
  parts: DeskParts,
): Promise<Mail> {
  const { identity, edits, react } = parts
  const making = { engine: look.engine, templates, edit: edits.find(look.edit)?.value ?? null }
  const notice = noticeFolder(look.scenario)
  try {
    if (notice !== null) return await sealed(await makeNotice(notice, making, identity))
    const matter = await matterFor(look, parts.ledger)
    if (typeof matter === 'string') return { kind: 'nothing', why: matter }
    return await sealed(await makeDigest(matter, making, identity))
  } catch (error) {
    return { kind: 'fault', fault: explainFault(error, folder, notice ?? 'digest', react) }
  }
}

async function sealed(made: Made): Promise<Mail> {
  if (made.kind === 'nothing') return made
  return { kind: 'mail', letter: made.letter, eml: buildMime(made.letter), props: made.props }
}

/** The rows of a look, or a sentence that says why there are none. */
async function matterFor(look: Look, ledger: PreviewLedger | null): Promise<DigestMatter | string> {
  if (look.scenario !== LEDGER_SCENARIO) {
    const scenario = SCENARIOS.find(({ id }) => id === look.scenario)
    return scenario === undefined ? `There is no scenario “${look.scenario}”.` : matterOf(scenario)
  }
  if (ledger === null) return 'There is no ledger here: only scenarios can be shown.'
  const day = parseDay(look.day)
  if (day === null) return 'Choose a day, written as YYYY-MM-DD, and a reader.'
  const matter = await ledger.findMatter(day, look.email)
  if (matter === null) return `There is no reader ${look.email}.`
  const edition = await matter.readEdition(day)
  return edition === null || edition.entries.length === 0 ? `There is no edition of ${day}.` : matter
}
