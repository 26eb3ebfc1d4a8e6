import formbody from '@fastify/formbody'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { PREVIEW_BODY_BYTES_MAX } from '../../config/limits.ts'
import type { Transport } from '../mail/transport.ts'
import type { TemplateEngine } from '../rendering/digest/props.ts'
import { addAssets, axeIsHere } from './assets.ts'
import type { Identity } from './composing.ts'
import { createDesk, type Desk, type PreviewLedger } from './desk.ts'
import { addEvents } from './events.ts'
import { guard, PAGE_POLICY, withoutToken } from './guard.ts'
import { addMailRoutes } from './mail-routes.tsx'
import { Sheet } from './pages/sheet.tsx'
import { renderShell } from './pages/shell.tsx'
import { Workbench } from './pages/workbench.tsx'
import { besideOf, LEDGER_SCENARIO, type Look, lookOf, transactionalFolder, transactionalScenario } from './query.ts'
import { SCENARIOS } from './scenarios/scenarios.ts'
import { findTransactionals, transactionalTitle } from './scenarios/transactional.ts'
import { addSending } from './sending.tsx'
import { checkEdit, createEdits } from './templates/input.ts'
import type { ReactLoader } from './templates/react-templates.ts'
import { openShelf, type Shelf } from './templates/template-revisions.ts'
import { watchFolder } from './templates/watch.ts'

/** All that the preview is made of; workers/preview.ts fills it. */
export interface PreviewParts {
  readonly identity: Identity
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
export async function createPreview(parts: PreviewParts): Promise<FastifyInstance> {
  const server = Fastify({
    rewriteUrl: ({ url = '/' }) => withoutToken(url, parts.token),
    bodyLimit: PREVIEW_BODY_BYTES_MAX,
    logger: false,
    forceCloseConnections: true,
  })
  guard(server, parts.token)
  await server.register(formbody, { bodyLimit: PREVIEW_BODY_BYTES_MAX })
  const shelf = openShelf(parts.folder, parts.react)
  const watcher = watchFolder(parts.folder)
  const edits = createEdits()
  const desk = createDesk({ shelf, react: parts.react, identity: parts.identity, edits, ledger: parts.ledger })
  const bench = { parts, desk, shelf, edits }
  addAssets(server)
  addEvents(server, watcher)
  addMailRoutes(server, { desk, engine: parts.engine, publicUrl: parts.identity.brand.publicUrl, axe: axeIsHere() })
  addSending(server, { desk, engine: parts.engine, transport: parts.transport, newId: parts.newId })
  addPages(server, bench)
  server.addHook('onClose', async () => {
    watcher.close()
    shelf.close()
    parts.react?.close()
  })
  return server
}

interface Bench {
  readonly parts: PreviewParts
  readonly desk: Desk
  readonly shelf: Shelf
  readonly edits: ReturnType<typeof createEdits>
}

function addPages(server: FastifyInstance, bench: Bench): void {
  const { parts, edits } = bench
  server.get<{ Querystring: Record<string, unknown> }>('/', async ({ query }, reply) =>
    sendBench(reply, lookOf(query, parts.engine), bench, null),
  )
  server.get<{ Querystring: Record<string, unknown> }>('/sheet', async ({ query }, reply) => {
    const mails = [
      ...SCENARIOS.map(({ id, title }) => ({ scenario: id, title })),
      ...findTransactionals(parts.folder).map((folder) => ({
        scenario: transactionalScenario(folder),
        title: transactionalTitle(folder),
      })),
    ]
    return sendShell(reply, 'Contact sheet', <Sheet look={lookOf(query, parts.engine)} mails={mails} />, 'wide')
  })
  server.post<{ Querystring: Record<string, unknown>; Body: Record<string, unknown> }>(
    '/edit',
    async ({ query, body }, reply) => {
      const look: Look = { ...lookOf(query, parts.engine), panel: 'props' }
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
  look: Look,
  { parts, desk, edits }: Bench,
  wrong: { readonly text: string; readonly reason: string } | null,
) {
  const beside = besideOf(look)
  const mail = await desk.mail(look)
  const other = beside === null ? null : await desk.mail(beside)
  const kept = edits.find(look.edit)?.text ?? (mail.kind === 'mail' ? JSON.stringify(mail.props, null, 2) : null)
  const page = (
    <Workbench
      brand={parts.identity.brand.name}
      look={look}
      note={noteOf(look)}
      notices={findTransactionals(parts.folder)}
      days={parts.ledger === null ? null : await parts.ledger.listDays()}
      noLedger={parts.noLedger}
      mail={mail}
      other={other}
      draft={wrong ?? (kept === null ? null : { text: kept, reason: null })}
      reactNote={
        parts.react === null
          ? 'React templates are shown as they were built, since @swc/core is not installed: after a change run npm run build and start the preview again.'
          : null
      }
    />
  )
  return sendShell(reply, mail.kind === 'mail' ? mail.message.subject : 'No mail', page)
}

function noteOf({ scenario, day, email, edit }: Look): string {
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
