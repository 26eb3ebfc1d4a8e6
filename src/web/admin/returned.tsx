import type { UnrecognizedReport } from '../../ledger/reports/provider-figures.ts'
import type { ProviderBlock } from '../../pipeline/alerts/alerts.ts'
import { grouped } from './layout/figures.ts'

interface ReturnedProps {
  readonly notUnderstood: UnrecognizedReport
  readonly blocks: readonly ProviderBlock[]
}

/** Returned mails that need an operator: providers that block us, and mails that were not understood. */
export function ReturnedMails({ notUnderstood, blocks }: ReturnedProps) {
  return (
    <section aria-labelledby="returned">
      <h2 id="returned">Returned mail</h2>
      {blocks.map(({ key, domain, subscribers, words }) => (
        <p key={key} className="message">
          {domain ?? 'A provider'} sends our mails back: those of {grouped(subscribers)} subscribers within a day. It
          says: <q>{words}</q>
        </p>
      ))}
      <p>Not understood in two days: {grouped(notUnderstood.count)}</p>
      {notUnderstood.samples.length === 0 ? null : (
        <ul>
          {notUnderstood.samples.map((sample) => (
            <li key={sample}>{sample}</li>
          ))}
        </ul>
      )}
    </section>
  )
}
