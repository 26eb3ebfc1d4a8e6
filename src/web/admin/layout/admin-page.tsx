import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import type { OperatorNote } from '../../../ledger/schema/operator-tables.ts'
import { assetUrl } from '../../layout/assets.ts'
import type { Site } from '../../layout/page.ts'
import { keepPrivate } from '../../layout/site.ts'
import type { AdminDeps } from '../deps.ts'
import { operatorOf } from '../login/guard.ts'

const SECTIONS = [
  ['today', '/admin', 'Today’s send'],
  ['editions', '/admin/editions', 'Editions'],
  ['subscribers', '/admin/readers', 'Subscribers'],
  ['suppressions', '/admin/suppressions', 'Suppressions'],
  ['queues', '/admin/queues', 'Queues'],
  ['audit-log', '/admin/record', 'Audit log'],
  ['sessions', '/admin/sessions', 'Sessions'],
] as const

/** A page behind the login. */
export interface AdminPage {
  readonly title: string
  readonly section: (typeof SECTIONS)[number][0]
  readonly scripts?: readonly string[]
  readonly content: ReactNode
}

/** Sends a page behind the login, with the note of the last action. */
export async function sendAdminPage(
  request: FastifyRequest,
  reply: FastifyReply,
  { site, deps }: { readonly site: Site; readonly deps: AdminDeps },
  page: AdminPage,
  status = 200,
): Promise<FastifyReply> {
  const operator = operatorOf(request)
  const note = await deps.ledger.operators.takeFlash(operator.id)
  return sendDocument(
    reply,
    <Document site={site} title={page.title} scripts={page.scripts ?? []}>
      <AdminHeader site={site} section={page.section} csrf={operator.csrf} label={operator.label} />
      <main id="content" tabIndex={-1}>
        {note === null ? null : <Note note={note} />}
        {page.content}
      </main>
    </Document>,
    status,
  )
}

/** Sends the login page. */
export function sendLoginPage(reply: FastifyReply, site: Site, title: string, content: ReactNode, status = 200) {
  return sendDocument(
    reply,
    <Document site={site} title={title} scripts={[]}>
      <main id="content" tabIndex={-1} className="login">
        {content}
      </main>
    </Document>,
    status,
  )
}

/** A form with one button. HiddenFields fields hold its values. */
export function ActionForm({
  to,
  csrf,
  label,
  fields = {},
  look = 'quiet',
}: {
  readonly to: string
  readonly csrf: string
  readonly label: string
  readonly fields?: Readonly<Record<string, string>>
  readonly look?: 'quiet' | 'danger' | 'plain'
}) {
  return (
    <form method="post" action={to} className="action">
      <HiddenFields csrf={csrf} fields={fields} />
      <button type="submit" className={look === 'plain' ? undefined : look}>
        {label}
      </button>
    </form>
  )
}

export function HiddenFields({
  csrf,
  fields = {},
}: {
  readonly csrf: string
  readonly fields?: Readonly<Record<string, string>>
}) {
  return (
    <>
      <input type="hidden" name="csrf" value={csrf} />
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </>
  )
}

export function Note({ note }: { readonly note: OperatorNote }) {
  return (
    <p className={note.kind === 'bad' ? 'message bad' : 'message'} role={note.kind === 'bad' ? 'alert' : 'status'}>
      {note.words}
    </p>
  )
}

/** Shows a time as `2026-11-24 08:40:12 UTC`. */
export function Moment({ at, seconds = false }: { readonly at: Date | null; readonly seconds?: boolean }) {
  if (at === null) return <span className="soft">never</span>
  const text = at.toISOString()
  return <time dateTime={text}>{`${text.slice(0, 10)} ${text.slice(11, seconds ? 19 : 16)} UTC`}</time>
}

function sendDocument(reply: FastifyReply, element: ReactNode, status: number): FastifyReply {
  return keepPrivate(reply)
    .status(status)
    .type('text/html; charset=utf-8')
    .send(`<!doctype html>${renderToStaticMarkup(element)}`)
}

function Document({
  site,
  title,
  scripts,
  children,
}: {
  readonly site: Site
  readonly title: string
  readonly scripts: readonly string[]
  readonly children: ReactNode
}) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex, nofollow" />
        <title>{`${title} · ${site.brand.name} Admin`}</title>
        <link rel="icon" href={assetUrl('icon.svg')} type="image/svg+xml" />
        <link rel="stylesheet" href={assetUrl('style.css')} />
        <link rel="stylesheet" href={assetUrl('admin.css')} />
        {scripts.map((script) => (
          <script key={script} src={assetUrl(script)} defer />
        ))}
      </head>
      <body className="admin">
        <a className="skip" href="#content">
          Skip to content
        </a>
        {children}
      </body>
    </html>
  )
}

function AdminHeader({
  site,
  section,
  csrf,
  label,
}: {
  readonly site: Site
  readonly section: AdminPage['section']
  readonly csrf: string
  readonly label: string
}) {
  return (
    <header className="admin-header">
      <a className="wordmark" href="/admin">
        <span dir="auto">{site.brand.name}</span> <span className="soft">Admin</span>
      </a>
      <nav aria-label="Admin">
        {SECTIONS.map(([name, href, title]) => (
          <a key={name} href={href} {...(name === section ? { 'aria-current': 'page' as const } : {})}>
            {title}
          </a>
        ))}
      </nav>
      <div className="who">
        <span className="soft small">
          Session <code>{label}</code>
        </span>
        <ActionForm to="/admin/logout" csrf={csrf} label="Log out" />
      </div>
    </header>
  )
}
