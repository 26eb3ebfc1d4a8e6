import { type PreviewQuery, previewPath } from '../query.ts'

export interface SendProps {
  readonly look: PreviewQuery
  readonly subject: string
  readonly transport: string
  readonly address: string
  /** The result, or null before sending. */
  readonly outcome: { readonly good: boolean; readonly words: string } | null
}

/** Asks once more before anything leaves the machine, and says by which way it would. */
export function SendPage({ look, subject, transport, address, outcome }: SendProps) {
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
          {transport === 'outbox' ? ': it is written to a file; nothing leaves this machine' : ': it really goes out'}
        </dd>
      </dl>
      <form method="post" action={previewPath('/send', look)} className="editor">
        <label htmlFor="address">To</label>
        <input id="address" name="address" type="email" defaultValue={address} autoComplete="email" required />
        <p className="soft">Links are signed with a key of the preview: they look as they will, and open nothing.</p>
        <p className="buttons">
          <button type="submit">Send through {transport}</button>
          <a href={previewPath('/', look)} data-key="s">
            Back to the mail
          </a>
        </p>
      </form>
    </main>
  )
}
