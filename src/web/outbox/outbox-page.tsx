export interface OutboxMail {
  readonly name: string
  readonly to: string
  readonly subject: string
  readonly date: Date | null
}

/** Lists the messages in the outbox. */
export function OutboxList({ mails }: { readonly mails: readonly OutboxMail[] }) {
  return (
    <>
      <h1>Outbox</h1>
      <p className="lead">Emails that were written to files instead of being sent.</p>
      {mails.length === 0 ? (
        <p className="message">Nothing here yet. Run the demo, or a morning with MAIL_TRANSPORT=outbox.</p>
      ) : (
        <ul className="index">
          {mails.map((mail) => (
            <li key={mail.name}>
              <a className="title" href={`/outbox/${mail.name}/html`}>
                {mail.subject}
              </a>
              <div className="soft small">
                {mail.to} · <a href={`/outbox/${mail.name}/text`}>text</a> ·{' '}
                <a href={`/outbox/${mail.name}/raw`}>source</a>
              </div>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
