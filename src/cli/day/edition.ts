import { gainedStarsWords, isNotable } from '../../domain/stars.ts'
import { type CommandContext, dayOption, withLedger } from '../context.ts'

/** `edition`: shows the papers of an edition in rank order, with reasons. The format of `--json` is stable. */
export async function showEdition(
  options: { date?: string; json?: boolean },
  context: CommandContext,
): Promise<number> {
  const day = dayOption(options.date, context.config(), context.clock)
  return withLedger(context, async (ledger) => {
    const { terminal } = context
    const edition = await ledger.editions.readEdition(day)
    if (edition === null) {
      terminal.err(`There is no edition of ${day}. Create it with: paperround publish --date ${day}`)
      return 1
    }
    const ids = edition.entries.map(({ paper }) => paper.id)
    const growths = await ledger.editions.readStarGrowth(ids, context.clock())
    if (options.json === true) {
      const entries = edition.entries.map((entry) => {
        const growth = growths.get(entry.paper.id)
        return growth === undefined ? entry : { ...entry, growth }
      })
      terminal.out(JSON.stringify({ ...edition, entries }, null, 2))
      return 0
    }
    terminal.out(
      `${day} · revision ${edition.revision} · ${edition.state}${edition.reason === null ? '' : `: ${edition.reason}`} · sending ${edition.sending}`,
    )
    if (edition.votesAt !== null) terminal.out(`votes as of ${edition.votesAt.toISOString()}`)
    if (edition.incomplete !== null) terminal.out(edition.incomplete)
    for (const { rank, paper, why } of edition.entries) {
      const growth = growths.get(paper.id)
      const stars = growth !== undefined && isNotable(growth) ? ` · ${gainedStarsWords(growth)}` : ''
      terminal.out(`${String(rank).padStart(3)}  ${paper.id.padEnd(12)}  ${paper.title}\n     ${why}${stars}`)
    }
    return 0
  })
}
