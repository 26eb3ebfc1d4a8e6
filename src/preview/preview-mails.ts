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
import { readSourceFile, type SourceFile, sourcePaths } from './templates/source-files.ts'
import { explainFault, type TemplateFault } from './templates/template-faults.ts'
import type { TemplateRevisions } from './templates/template-revisions.ts'

/** A mail, or the reason why there is none. */
export type PreviewMail =
  | { readonly kind: 'mail'; readonly message: Message; readonly eml: Buffer; readonly props: EditableProps }
  | { readonly kind: 'nothing'; readonly why: string }
  | { readonly kind: 'fault'; readonly fault: TemplateFault }

/** The ledger queries of the preview, or null without a ledger. */
export interface PreviewLedger {
  /** Newest first. */
  readonly listDays: () => Promise<readonly string[]>
  /** Returns null when there is no such subscriber. */
  readonly findScenario: (
    day: NonNullable<ReturnType<typeof parseDay>>,
    email: string,
  ) => Promise<DigestScenario | null>
}

export interface PreviewMailsDeps {
  readonly revisions: TemplateRevisions
  readonly react: ReactLoader | null
  readonly identity: PreviewIdentity
  readonly edits: Edits
  readonly ledger: PreviewLedger | null
}

/** One file of a mail's template, with the paths of all of them, or the reason why there is none. */
export type TemplateSource =
  | {
      readonly kind: 'source'
      readonly paths: readonly string[]
      readonly file: SourceFile
      /** Whether ours have what the operator’s folder lacks. */
      readonly hasOurs: boolean
    }
  | { readonly kind: 'nothing'; readonly why: string }

/** Composes mails, and caches them. */
export interface PreviewMails {
  mail(query: PreviewQuery): Promise<PreviewMail>
  /** Reads the template that the query names. It works for templates with errors too. */
  source(query: PreviewQuery): Promise<TemplateSource>
}

export function createPreviewMails(deps: PreviewMailsDeps): PreviewMails {
  const mails = createLoadingCache<PreviewMail>({ max: PREVIEW_MAIL_CACHE_MAX })
  return {
    async mail(query) {
      const revision = await deps.revisions.open(query.revision, query.engine)
      if (revision.kind === 'absent') return { kind: 'nothing', why: revision.reason }
      const { scenario, day, email, edit, engine } = query
      const key = JSON.stringify([revision.stamp, scenario, day, email, edit, engine])
      const composeNow = () => compose(query, revision.templates, deps)
      try {
        // Data in the database changes, so these mails are not cached.
        return await (scenario === LEDGER_SCENARIO ? composeNow() : mails(key, composeNow))
      } catch (error) {
        const folder = transactionalFolder(scenario) ?? 'digest'
        return { kind: 'fault', fault: explainFault(error, revision.folder, folder, deps.react) }
      }
    },
    async source(query) {
      const revision = await deps.revisions.open(query.revision, query.engine)
      if (revision.kind === 'absent') return { kind: 'nothing', why: revision.reason }
      const folders = [revision.folder, ...revision.fallback]
      const paths = sourcePaths(folders, transactionalFolder(query.scenario) ?? 'digest', query.engine)
      const file = readSourceFile(folders, paths, query.file)
      return file === null
        ? { kind: 'nothing', why: `This mail has no file ${query.file}.` }
        : { kind: 'source', paths, file, hasOurs: revision.fallback.length > 0 }
    },
  }
}

async function compose(
  query: PreviewQuery,
  templates: Parameters<typeof composeTransactional>[1]['templates'],
  { identity, edits, ledger }: PreviewMailsDeps,
): Promise<PreviewMail> {
  const options = { engine: query.engine, templates, edit: edits.find(query.edit)?.value ?? null }
  const transactional = transactionalFolder(query.scenario)
  if (transactional !== null) return toPreviewMail(await composeTransactional(transactional, options, identity))
  const input = await findInput(query, ledger)
  if (typeof input === 'string') return { kind: 'nothing', why: input }
  return toPreviewMail(await composeDigest(input, options, identity))
}

function toPreviewMail(composed: ComposedMail): PreviewMail {
  if (composed.kind === 'nothing') return composed
  return { kind: 'mail', message: composed.message, eml: buildMime(composed.message), props: composed.props }
}

/** Returns the input of a digest, or a sentence that says why there is none. */
async function findInput(query: PreviewQuery, ledger: PreviewLedger | null): Promise<DigestScenario | string> {
  if (query.scenario !== LEDGER_SCENARIO) {
    const scenario = SCENARIOS.find(({ id }) => id === query.scenario)
    return scenario === undefined ? `There is no scenario “${query.scenario}”.` : scenarioOf(scenario)
  }
  if (ledger === null) return 'There is no database. Only scenarios can be shown.'
  const day = parseDay(query.day)
  if (day === null) return 'Enter a day as YYYY-MM-DD, and a subscriber.'
  const input = await ledger.findScenario(day, query.email)
  if (input === null) return `There is no subscriber ${query.email}.`
  const edition = await input.editions.readEdition(day)
  return edition === null || edition.entries.length === 0 ? `There is no edition of ${day}.` : input
}
