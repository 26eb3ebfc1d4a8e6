import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import type { Role } from '../../../domain/operator.ts'
import type { Session } from '../../../ledger/operators/sessions.ts'
import type { OperatorNote } from '../../../ledger/schema/operator-tables.ts'
import { assetUrl } from '../../layout/assets.ts'
import { BrandHead, Wordmark } from '../../layout/brand/wordmark.tsx'
import type { Site } from '../../layout/page.ts'
import { keepPrivate } from '../../layout/site.ts'
import type { AdminDeps } from '../deps.ts'
import { operatorOf } from '../login/guard.ts'
import { withoutForbidden } from '../login/permitted-forms.ts'
import { mayRequest } from '../login/roles.ts'

const SECTIONS = [
  ['today', '/admin', 'Today’s send'],
  ['editions', '/admin/editions', 'Editions'],
  ['subscribers', '/admin/readers', 'Subscribers'],
  ['suppressions', '/admin/suppressions', 'Suppressions'],
  ['queues', '/admin/queues', 'Queues'],
  ['audit-log', '/admin/record', 'Audit log'],
  ['operators', '/admin/operators', 'Operators'],
] as const

/** A page behind the login. */
export interface AdminPage {
  readonly title: string
  /** Null for a page that is not in the menu. */
  readonly section: (typeof SECTIONS)[number][0] | null
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
      <AdminHeader site={site} section={page.section} operator={operator} />
      <main id="content" tabIndex={-1}>
        {operator.operatorId === null && page.section !== 'operators' ? <FirstStart /> : null}
        {note === null ? null : <Note note={note} />}
        {page.content}
      </main>
    </Document>,
    { status, role: operator.role },
  )
}

/** Sends a page without a session, such as the login. */
export function sendLoginPage(
  reply: FastifyReply,
  site: Site,
  title: string,
  content: ReactNode,
  { status = 200, scripts = [] }: { readonly status?: number; readonly scripts?: readonly string[] } = {},
) {
  return sendDocument(
    reply,
    <Document site={site} title={title} scripts={scripts}>
      <main id="content" tabIndex={-1} className="login">
        {content}
      </main>
    </Document>,
    { status, role: 'owner' },
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

function sendDocument(
  reply: FastifyReply,
  element: ReactNode,
  { status, role }: { readonly status: number; readonly role: Role },
): FastifyReply {
  return keepPrivate(reply)
    .status(status)
    .type('text/html; charset=utf-8')
    .send(`<!doctype html>${withoutForbidden(renderToStaticMarkup(element), role)}`)
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
        <link rel="stylesheet" href={assetUrl('style.css')} />
        <link rel="stylesheet" href={assetUrl('admin.css')} />
        <BrandHead site={site} icon={assetUrl('icon.svg')} />
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
  operator,
}: {
  readonly site: Site
  readonly section: AdminPage['section']
  readonly operator: Session
}) {
  return (
    <header className="admin-header">
      <a className="wordmark" href="/admin">
        {site.brand.look === undefined ? <span dir="auto">{site.brand.name}</span> : <Wordmark site={site} />}{' '}
        <span className="soft">Admin</span>
      </a>
      <nav aria-label="Admin">
        {SECTIONS.filter(([, href]) => mayRequest(operator.role, 'GET', href)).map(([name, href, title]) => (
          <a key={name} href={href} {...(name === section ? { 'aria-current': 'page' as const } : {})}>
            {title}
          </a>
        ))}
      </nav>
      <div className="who">
        {operator.operatorId === null ? (
          <span className="soft small">
            Session <code>{operator.label}</code>
          </span>
        ) : (
          <a href="/admin/account">
            <span dir="auto">{operator.name}</span> <span className="soft small">{operator.role}</span>
          </a>
        )}
        <ActionForm to="/admin/logout" csrf={operator.csrf} label="Log out" />
      </div>
    </header>
  )
}

/** Reminds someone who logged in with ADMIN_PASSWORD to make an account. */
function FirstStart() {
  return (
    <p className="message">
      You are logged in with ADMIN_PASSWORD. <a href="/admin/operators">Create your account</a>, so that the audit log
      knows your name.
    </p>
  )
}
