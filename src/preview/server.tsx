import formbody from '@fastify/formbody'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { PREVIEW_BODY_BYTES_MAX } from '../../config/limits-web.ts'
import type { Transport } from '../mail/transport.ts'
import type { TemplateEngine } from '../rendering/digest/props.ts'
import { addPreviewAssets, axeIsHere } from './assets.ts'
import type { PreviewIdentity } from './composing.ts'
import { addEvents } from './events.ts'
import { PAGE_POLICY, requireToken, withoutToken } from './guard.ts'
import { addMailRoutes } from './mail-routes.tsx'
import { ContactSheet } from './pages/sheet.tsx'
import { renderShell } from './pages/shell.tsx'
import { Workbench } from './pages/workbench.tsx'
import { createPreviewMails, type PreviewLedger, type PreviewMails } from './preview-mails.ts'
import {
  besideOf,
  LEDGER_SCENARIO,
  type PreviewQuery,
  readPreviewQuery,
  transactionalFolder,
  transactionalScenario,
} from './query.ts'
import { SCENARIOS } from './scenarios/scenarios.ts'
import { findTransactionals, transactionalTitle } from './scenarios/transactional.ts'
import { addSending } from './sending.tsx'
import { checkEdit, createEdits } from './templates/input.ts'
import type { ReactLoader } from './templates/react-templates.ts'
import { openTemplateRevisions, type TemplateRevisions } from './templates/template-revisions.ts'
import { watchFolder } from './templates/watch.ts'

/** All that the preview is made of; workers/preview.ts fills it. */
export interface PreviewDeps {
  readonly identity: PreviewIdentity
  /** The templates folder to watch and to render. */
  readonly folder: string
  /** The form that the configuration sends. */
  readonly engine: TemplateEngine
  readonly react: ReactLoader | null
  /** null: no ledger here; `noLedger` says why. */
  readonly ledger: PreviewLedger | null
  readonly noLedger: string
  readonly transport: Transport
  readonly newId: () => string
  /** The first part of every address; who does not know it sees and sends nothing. */
  readonly token: string
}

/** Builds the preview; it listens nowhere. It must be bound to loopback. */
export async function createPreview(deps: PreviewDeps): Promise<FastifyInstance> {
  const server = Fastify({
    rewriteUrl: ({ url = '/' }) => withoutToken(url, deps.token),
    bodyLimit: PREVIEW_BODY_BYTES_MAX,
    logger: false,
    forceCloseConnections: true,
  })
  requireToken(server, deps.token)
  await server.register(formbody, { bodyLimit: PREVIEW_BODY_BYTES_MAX })
  const shelf = openTemplateRevisions(deps.folder, deps.react)
  const watcher = watchFolder(deps.folder)
  const edits = createEdits()
  const desk = createPreviewMails({ shelf, react: deps.react, identity: deps.identity, edits, ledger: deps.ledger })
  const bench = { deps, desk, shelf, edits }
  addPreviewAssets(server)
  addEvents(server, watcher)
  addMailRoutes(server, { desk, engine: deps.engine, publicUrl: deps.identity.brand.publicUrl, axe: axeIsHere() })
  addSending(server, { desk, engine: deps.engine, transport: deps.transport, newId: deps.newId })
  addPages(server, bench)
  server.addHook('onClose', async () => {
    watcher.close()
    shelf.close()
    deps.react?.close()
  })
  return server
}

interface Bench {
  readonly deps: PreviewDeps
  readonly desk: PreviewMails
  readonly shelf: TemplateRevisions
  readonly edits: ReturnType<typeof createEdits>
}

function addPages(server: FastifyInstance, bench: Bench): void {
  const { deps, edits } = bench
  server.get<{ Querystring: Record<string, unknown> }>('/', async ({ query }, reply) =>
    sendBench(reply, readPreviewQuery(query, deps.engine), bench, null),
  )
  server.get<{ Querystring: Record<string, unknown> }>('/sheet', async ({ query }, reply) => {
    const mails = [
      ...SCENARIOS.map(({ id, title }) => ({ scenario: id, title })),
      ...findTransactionals(deps.folder).map((folder) => ({
        scenario: transactionalScenario(folder),
        title: transactionalTitle(folder),
      })),
    ]
    return sendShell(
      reply,
      'Contact sheet',
      <ContactSheet look={readPreviewQuery(query, deps.engine)} mails={mails} />,
      'wide',
    )
  })
  server.post<{ Querystring: Record<string, unknown>; Body: Record<string, unknown> }>(
    '/edit',
    async ({ query, body }, reply) => {
      const look: PreviewQuery = { ...readPreviewQuery(query, deps.engine), panel: 'props' }
      const text = String(body?.props ?? '')
      const checked = checkEdit(text, transactionalFolder(look.scenario) === null ? 'digest' : 'notice')
      if (!checked.ok) return sendBench(reply.status(422), look, bench, { text, reason: checked.reason })
      const edit = edits.keep(text, checked.value)
      return reply.redirect(`/?${new URLSearchParams({ ...look, edit })}`, 303)
    },
  )
}

async function sendBench(
  reply: FastifyReply,
  look: PreviewQuery,
  { deps, desk, edits }: Bench,
  wrong: { readonly text: string; readonly reason: string } | null,
) {
  const beside = besideOf(look)
  const mail = await desk.mail(look)
  const other = beside === null ? null : await desk.mail(beside)
  const kept = edits.find(look.edit)?.text ?? (mail.kind === 'mail' ? JSON.stringify(mail.props, null, 2) : null)
  const page = (
    <Workbench
      brand={deps.identity.brand.name}
      look={look}
      note={noteOf(look)}
      notices={findTransactionals(deps.folder)}
      days={deps.ledger === null ? null : await deps.ledger.listDays()}
      noLedger={deps.noLedger}
      mail={mail}
      other={other}
      draft={wrong ?? (kept === null ? null : { text: kept, reason: null })}
      reactNote={
        deps.react === null
          ? 'React templates are shown as they were built, since @swc/core is not installed: after a change run npm run build and start the preview again.'
          : null
      }
    />
  )
  return sendShell(reply, mail.kind === 'mail' ? mail.message.subject : 'No mail', page)
}

function noteOf({ scenario, day, email, edit }: PreviewQuery): string {
  const folder = transactionalFolder(scenario)
  const words =
    folder !== null
      ? `The mail in templates/${folder}.`
      : scenario === LEDGER_SCENARIO
        ? `The digest of ${day || 'a day'} for ${email || 'a reader'}, from the ledger, whether or not it may be sent now.`
        : (SCENARIOS.find(({ id }) => id === scenario)?.note ?? '')
  return edit === '' ? words : `${words} With edited props.`
}

function sendShell(reply: FastifyReply, title: string, page: React.ReactElement, className = '') {
  return reply
    .header('content-security-policy', PAGE_POLICY)
    .type('text/html; charset=utf-8')
    .send(renderShell(title, page, className))
}
