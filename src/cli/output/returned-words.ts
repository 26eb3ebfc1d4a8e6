import type { NotUnderstood } from '../../ledger/reports/provider-figures.ts'
import type { ProviderBlock } from '../../pipeline/alerts/alerts.ts'

export interface Returned {
  readonly notUnderstood: NotUnderstood
  readonly blocks: readonly ProviderBlock[]
}

/** Lines for people about returned mails that need an operator; none when all is well. */
export function describeReturned({ notUnderstood, blocks }: Returned): string[] {
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
