import { type PreviewQuery, previewPath } from '../query.ts'

export interface SendProps {
  readonly settings: PreviewQuery
  readonly subject: string
  readonly transport: string
  readonly address: string
  /** The result, or null before sending. */
  readonly outcome: { readonly good: boolean; readonly words: string } | null
}

/** Asks for the recipient before sending, and names the transport. */
export function SendPage({ settings, subject, transport, address, outcome }: SendProps) {
  return (
    <main className="narrow">
      <h1>Send me this</h1>
      {outcome === null ? null : (
        <p className={outcome.good ? 'good-news' : 'bad'} role="status">
          {outcome.words}
        </p>
      )}
      <dl>
        <dt>Subject</dt>
        <dd dir="auto">{subject}</dd>
        <dt>Transport</dt>
        <dd>
          {transport}
          {transport === 'outbox' ? ' (written to a file on this machine)' : ' (really sent)'}
        </dd>
      </dl>
      <form method="post" action={previewPath('/send', settings)} className="editor">
        <label htmlFor="address">To</label>
        <input
          id="address"
          name="address"
          type="email"
          defaultValue={address}
          autoComplete="email"
          data-remember="address"
          required
        />
        <p className="soft">
          Links are signed with a key of the preview, so they lead nowhere. This browser remembers the address.
        </p>
        <p className="buttons">
          <button type="submit">Send through {transport}</button>
          <button type="button" className="quiet" data-forget="address" hidden>
            Forget this address
          </button>
          <a href={previewPath('/', settings)} data-key="s">
            Back to the mail
          </a>
        </p>
      </form>
    </main>
  )
}
