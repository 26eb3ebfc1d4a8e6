import formbody from '@fastify/formbody'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { PREVIEW_BODY_BYTES_MAX } from '../../config/limits-web.ts'
import type { Transport } from '../mail/transport.ts'
import type { TemplateEngine } from '../rendering/digest/props.ts'
import { OUR_TEMPLATES, type Owned, ownedIn, ownFiles, ownFrame } from '../rendering/own-templates/own-templates.ts'
import { addPreviewAssets, isAxeInstalled } from './assets.ts'
import type { SpamCommands } from './checks/spam.ts'
import { createSpamRuns } from './checks/spam-runs.ts'
import type { PreviewIdentity } from './composing.ts'
import { addEvents } from './events.ts'
import { PAGE_POLICY, requireToken, withoutToken } from './guard.ts'
import { addMailRoutes } from './mail-routes.tsx'
import type { Shown } from './pages/pane.tsx'
import { ContactSheet } from './pages/sheet.tsx'
import { renderShell } from './pages/shell.tsx'
import { Workbench } from './pages/workbench.tsx'
import { createPreviewMails, type PreviewLedger, type PreviewMails } from './preview-mails.ts'
import {
  besideOf,
  LEDGER_SCENARIO,
  type PreviewQuery,
  previewPath,
  readPreviewQuery,
  transactionalFolder,
  transactionalScenario,
} from './query.ts'
import type { ServedPicture } from './sandbox.ts'
import { SCENARIOS } from './scenarios/scenarios.ts'
import { findTransactionals, transactionalTitle } from './scenarios/transactional.ts'
import { addSending } from './sending.tsx'
import { addShots } from './shot-routes.ts'
import { addSpamRoutes } from './spam-routes.tsx'
import { checkEdit, createEdits } from './templates/input.ts'
import type { ReactLoader } from './templates/react-templates.ts'
import { openTemplateRevisions, type TemplateRevisions } from './templates/template-revisions.ts'
import { watchFolder } from './templates/watch.ts'

/** Dependencies of the preview. workers/preview.ts provides them. */
export interface PreviewDeps {
  readonly identity: PreviewIdentity
  /** The templates folder to watch and to render. */
  readonly folder: string
  /** Whether the folder is the operator's (TEMPLATES_DIR). Ours then has the mails that it lacks. */
  readonly own?: boolean
  /** The pictures of BRAND_FILE by their names. */
  readonly pictures?: ReadonlyMap<string, ServedPicture>
  /** The configured template engine. */
  readonly engine: TemplateEngine
  readonly react: ReactLoader | null
  /** Null without a database. `noLedger` then says why. */
  readonly ledger: PreviewLedger | null
  readonly noLedger: string
  readonly transport: Transport
  readonly newId: () => string
  /** First part of every URL. Requests without it are rejected. */
  readonly token: string
  /** Path of Chromium for pictures, or null to try the usual places. */
  readonly chromium: string | null
  /** The commands of the spam check, if they are not those of SpamAssassin. */
  readonly spamCommands?: SpamCommands
}

/** Builds the preview server. The caller must bind it to a loopback address. */
export async function createPreview(deps: PreviewDeps): Promise<FastifyInstance> {
  const server = Fastify({
    rewriteUrl: ({ url = '/' }) => withoutToken(url, deps.token),
    bodyLimit: PREVIEW_BODY_BYTES_MAX,
    logger: false,
    forceCloseConnections: true,
  })
  requireToken(server, deps.token)
  await server.register(formbody, { bodyLimit: PREVIEW_BODY_BYTES_MAX })
  const revisions = openTemplateRevisions(deps.folder, deps.react, deps.own)
  const watcher = watchFolder(deps.folder)
  const edits = createEdits()
  const mails = createPreviewMails({
    revisions,
    react: deps.react,
    identity: deps.identity,
    edits,
    ledger: deps.ledger,
  })
  const preview = { deps, mails, revisions, edits }
  addPreviewAssets(server)
  addEvents(server, watcher)
  addMailRoutes(server, {
    mails,
    engine: deps.engine,
    publicUrl: deps.identity.brand.publicUrl,
    pictures: deps.pictures ?? new Map(),
    axe: isAxeInstalled(),
  })
  addSpamRoutes(server, { mails, engine: deps.engine, runs: createSpamRuns({ commands: deps.spamCommands }) })
  addShots(server, { mails, engine: deps.engine, token: deps.token, chromium: deps.chromium })
  addSending(server, { mails, engine: deps.engine, transport: deps.transport, newId: deps.newId })
  addPages(server, preview)
  server.addHook('onClose', async () => {
    watcher.close()
    revisions.close()
    deps.react?.close()
  })
  return server
}

interface Preview {
  readonly deps: PreviewDeps
  readonly mails: PreviewMails
  readonly revisions: TemplateRevisions
  readonly edits: ReturnType<typeof createEdits>
}

function addPages(server: FastifyInstance, preview: Preview): void {
  const { deps, edits } = preview
  server.get<{ Querystring: Record<string, unknown> }>('/', async ({ query }, reply) =>
    sendWorkbench(reply, readPreviewQuery(query, deps.engine), preview, null),
  )
  server.get<{ Querystring: Record<string, unknown> }>('/sheet', async ({ query }, reply) => {
    const settings = readPreviewQuery(query, deps.engine)
    const owned = ownedBy(deps, settings)
    const mails = [
      ...SCENARIOS.map(({ id, title }) => ({ scenario: id, title, owned: owned('digest') })),
      ...transactionalsOf(deps).map((folder) => ({
        scenario: transactionalScenario(folder),
        title: transactionalTitle(folder),
        owned: owned(folder),
      })),
    ]
    return sendShell(reply, 'Contact sheet', <ContactSheet settings={settings} mails={mails} />, 'wide')
  })
  server.post<{ Querystring: Record<string, unknown>; Body: Record<string, unknown> }>(
    '/edit',
    async ({ query, body }, reply) => {
      const settings: PreviewQuery = { ...readPreviewQuery(query, deps.engine), panel: 'props' }
      const text = String(body?.props ?? '')
      const checked = checkEdit(text, transactionalFolder(settings.scenario) === null ? 'digest' : 'transactional')
      if (!checked.ok) return sendWorkbench(reply.status(422), settings, preview, { text, reason: checked.reason })
      const edit = edits.store(text, checked.value)
      return reply.redirect(previewPath('/', settings, { edit }), 303)
    },
  )
}

async function sendWorkbench(
  reply: FastifyReply,
  settings: PreviewQuery,
  { deps, mails, edits }: Preview,
  invalid: { readonly text: string; readonly reason: string } | null,
) {
  const shown = async (query: PreviewQuery): Promise<Shown> => ({
    settings: query,
    mail: await mails.mail(query),
    source: query.view === 'template' ? await mails.source(query) : null,
  })
  const { mail, source } = await shown(settings)
  const besideQuery = besideOf(settings)
  const text = edits.find(settings.edit)?.text ?? (mail.kind === 'mail' ? JSON.stringify(mail.props, null, 2) : null)
  const page = (
    <Workbench
      brand={deps.identity.brand.name}
      settings={settings}
      note={noteOf(settings, deps)}
      transactionals={transactionalsOf(deps)}
      owned={ownedBy(deps, settings)}
      hasOwnFolder={deps.own === true}
      days={deps.ledger === null ? null : await deps.ledger.listDays()}
      noLedger={deps.noLedger}
      mail={mail}
      source={source}
      beside={besideQuery === null ? null : await shown(besideQuery)}
      draft={invalid ?? (text === null ? null : { text, reason: null })}
      reactNote={
        deps.react === null
          ? '@swc/core is not installed, so React templates are shown as built. After a change, run npm run build and restart the preview.'
          : null
      }
    />
  )
  return sendShell(reply, mail.kind === 'mail' ? mail.message.subject : 'No mail', page)
}

/** An operator's folder may lack mails, and then ours are sent. */
function transactionalsOf({ own, folder }: PreviewDeps): string[] {
  return findTransactionals(own === true ? OUR_TEMPLATES : folder)
}

/** Returns a function that says what of a mail is the operator's. */
function ownedBy({ own, folder }: PreviewDeps, { engine }: PreviewQuery): (mail: string) => Owned {
  return (mail) => (own === true ? ownedIn(folder, mail, engine) : null)
}

function noteOf({ scenario, day, email, edit, engine }: PreviewQuery, { own, folder: root }: PreviewDeps): string {
  const folder = transactionalFolder(scenario)
  const words =
    folder !== null
      ? `The mail in templates/${folder}.`
      : scenario === LEDGER_SCENARIO
        ? `The digest of ${day || 'a day'} for ${email || 'a subscriber'}, from the database, whether or not it may be sent now.`
        : (SCENARIOS.find(({ id }) => id === scenario)?.note ?? '')
  const whose = own === true ? ` ${whoseTemplates(root, folder ?? 'digest', engine)}` : ''
  return `${words}${whose}${edit === '' ? '' : ' With edited props.'}`
}

function whoseTemplates(root: string, mail: string, engine: TemplateEngine): string {
  const files = [...ownFiles(root, mail, engine), ...ownFrame(root, engine)]
  return files.length === 0 ? 'The template is ours.' : `Your own files: ${files.join(', ')}.`
}

function sendShell(reply: FastifyReply, title: string, page: React.ReactElement, className = '') {
  return reply
    .header('content-security-policy', PAGE_POLICY)
    .type('text/html; charset=utf-8')
    .send(renderShell(title, page, className))
}
