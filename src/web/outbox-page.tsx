import { renderToStaticMarkup } from 'react-dom/server'

export interface OutboxMail {
  readonly name: string
  readonly to: string
  readonly subject: string
  readonly date: Date | null
}

/** The list of mails in the outbox as a page. */
export function outboxPage(mails: readonly OutboxMail[]): string {
  return `<!doctype html>${renderToStaticMarkup(<OutboxPage mails={mails} />)}`
}

function OutboxPage({ mails }: { readonly mails: readonly OutboxMail[] }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Outbox · Paperround</title>
        <style>{STYLE}</style>
      </head>
      <body>
        <main>
          <h1>Outbox</h1>
          <p className="lead">Mails that were written to files instead of being sent.</p>
          {mails.length === 0 ? (
            <p className="empty">Nothing here yet. Run the demo, or a morning with MAIL_TRANSPORT=outbox.</p>
          ) : (
            <ul>
              {mails.map((mail) => (
                <li key={mail.name}>
                  <a href={`/outbox/${mail.name}/html`}>{mail.subject}</a>
                  <span className="to">{mail.to}</span>
                  <span className="forms">
                    <a href={`/outbox/${mail.name}/text`}>text</a> · <a href={`/outbox/${mail.name}/raw`}>source</a>
                  </span>
                </li>
              ))}
            </ul>
          )}
        </main>
      </body>
    </html>
  )
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1d21; --soft: #5c626c; --line: #e3e5e9; --paper: #fff; --link: #14509b }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e9eb; --soft: #9aa0aa; --line: #30343a; --paper: #16181b; --link: #8ab8f2 } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif }
main { max-width: 44rem; margin: 0 auto; padding: 3rem 1.25rem }
h1 { font: 600 1.75rem/1.2 Georgia, 'Times New Roman', serif; margin: 0 }
.lead, .to, .forms, .empty { color: var(--soft) }
ul { list-style: none; margin: 2rem 0 0; padding: 0; border-top: 1px solid var(--line) }
li { display: grid; grid-template-columns: 1fr auto; gap: .15rem 1rem; padding: .9rem 0; border-bottom: 1px solid var(--line) }
li > a { grid-column: 1 / -1; font-weight: 600 }
.to { overflow-wrap: anywhere }
a { color: var(--link); text-underline-offset: .15em }
a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px }
`
