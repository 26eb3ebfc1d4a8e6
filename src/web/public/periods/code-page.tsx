import { STARS_GAINED_MIN, STARS_GROWTH_DAYS, STARS_PAPER_DAYS } from '../../../../config/limits-stars.ts'
import { gainedStarsWords } from '../../../domain/stars.ts'
import type { TrendingCodePaper } from '../../../ledger/editions/stars/growth.ts'
import { PaperCard } from '../paper-card.tsx'
import { BestTabs } from './best-tabs.tsx'

/** The papers whose code gained most stars on GitHub. */
export function CodePage({ papers }: { readonly papers: readonly TrendingCodePaper[] }) {
  return (
    <>
      <header className="list-head">
        <BestTabs current="code" hasCode={true} />
        <h1>Trending code</h1>
        <p className="soft">
          Papers of the last {STARS_PAPER_DAYS} days whose code gained at least {STARS_GAINED_MIN} stars on GitHub in up
          to {STARS_GROWTH_DAYS} days. The largest gains come first. Stars do not change the order of a day’s papers.
        </p>
      </header>
      {papers.length === 0 ? (
        <p className="message">
          No paper’s code has gained that many stars. We read them once a day, so a gain is known after two days.
        </p>
      ) : null}
      <div className="entries">
        {papers.map(({ paper, signals, growth }, index) => (
          <PaperCard
            key={paper.id}
            paper={paper}
            signals={{ ...signals, stars: growth.stars }}
            rank={index + 1}
            why={gainedStarsWords(growth)}
          />
        ))}
      </div>
    </>
  )
}
