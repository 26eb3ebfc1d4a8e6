import type { FastifyInstance } from 'fastify'
import { SCORECARD_EDITIONS } from '../../../../config/limits-sources.ts'
import { addDays, type Day, dayIn, parseDay } from '../../../domain/day.ts'
import { say } from '../../../language/language.ts'
import type { Stores } from '../../../ledger/stores.ts'
import type { Page, Site } from '../../layout/page.ts'
import type { SendCached } from '../../layout/page-cache.ts'
import { ScorecardPage } from './scorecard-page.tsx'

interface ScorecardDeps {
  readonly ledger: Stores
  readonly timezone: string
  readonly sendCached: SendCached
}

/** `GET /scorecard`. `?before=` shows the editions before a day. */
export function addScorecard(web: FastifyInstance, site: Site, deps: ScorecardDeps): void {
  web.get<{ Querystring: { before?: unknown } }>('/scorecard', async (request, reply) => {
    const before = parseDay(String(request.query.before ?? ''))
    return deps.sendCached(request, reply, {
      key: `/scorecard?before=${before}`,
      make: () => scorecardPage(before, site, deps),
    })
  })
}

async function scorecardPage(before: Day | null, site: Site, { ledger, timezone }: ScorecardDeps): Promise<Page> {
  const now = site.clock()
  const today = dayIn(timezone, now)
  // One more than is shown, to know whether there are earlier ones.
  const cards = await ledger.editions.readScorecards(before ?? addDays(today, 1), SCORECARD_EDITIONS + 1)
  const shown = cards.slice(0, SCORECARD_EDITIONS)
  const next = before === null ? await ledger.editions.readNextScore(now) : null
  return {
    title: say('score.pageTitle'),
    description: say('score.description'),
    canonical: before === null ? '/scorecard' : `/scorecard?before=${before}`,
    content: (
      <ScorecardPage
        view={{
          cards: shown,
          next: next === null ? null : { day: next.day, on: dayIn(timezone, next.at) },
          older: cards.length > shown.length ? (shown.at(-1)?.day ?? null) : null,
        }}
      />
    ),
  }
}
