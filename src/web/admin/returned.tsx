import type { UnrecognizedReport } from '../../ledger/reports/provider-figures.ts'
import type { ProviderBlock } from '../../pipeline/alerts/alerts.ts'
import { grouped } from './layout/figures.ts'

interface ReturnedProps {
  readonly unrecognized: UnrecognizedReport
  readonly blocks: readonly ProviderBlock[]
}

/** Shows returned mails that need an operator: blocks by providers, and mails that were not recognized. */
export function ReturnedMails({ unrecognized, blocks }: ReturnedProps) {
  return (
    <section aria-labelledby="returned">
      <h2 id="returned">Returned mail</h2>
      {blocks.map(({ key, domain, subscribers, words }) => (
        <p key={key} className="message">
          {domain ?? 'A provider'} blocks our mail. It rejected mail to {grouped(subscribers)} subscribers within one
          day: <q>{words}</q>
        </p>
      ))}
      <p>Not recognised in the last two days: {grouped(unrecognized.count)}</p>
      {unrecognized.samples.length === 0 ? null : (
        <ul>
          {unrecognized.samples.map((sample) => (
            <li key={sample}>{sample}</li>
          ))}
        </ul>
      )}
    </section>
  )
}
