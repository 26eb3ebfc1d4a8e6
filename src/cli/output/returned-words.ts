import type { UnrecognizedReport } from '../../ledger/reports/provider-figures.ts'
import type { ProviderBlock } from '../../pipeline/alerts/alerts.ts'

export interface ReturnedMail {
  readonly notUnderstood: UnrecognizedReport
  readonly blocks: readonly ProviderBlock[]
}

/** Returns lines about returned mails that need an operator, or no lines if there are none. */
export function describeReturned({ notUnderstood, blocks }: ReturnedMail): string[] {
  return [
    ...blocks.map(
      ({ domain, subscribers, since, words }) =>
        `Blocked by ${domain ?? 'a provider'} since ${since.toISOString()}: the mails of ${subscribers} subscribers came back: ${words}`,
    ),
    ...(notUnderstood.count === 0
      ? []
      : [
          `Returned mails that were not understood, in two days: ${notUnderstood.count}. Save one and run \`paperround bounce FILE\`.`,
          ...notUnderstood.samples.map((sample) => `  ${sample}`),
        ]),
  ]
}
