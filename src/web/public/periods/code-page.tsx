import { STARS_GAINED_MIN, STARS_GROWTH_DAYS, STARS_PAPER_DAYS } from '../../../../config/limits-stars.ts'
import { gainedStarsWords } from '../../../domain/stars.ts'
import { say } from '../../../language/language.ts'
import type { TrendingCodePaper } from '../../../ledger/editions/stars/growth.ts'
import { PaperCard } from '../paper-card.tsx'
import { BestTabs } from './best-tabs.tsx'

/** The papers whose code gained most stars on GitHub. */
export function CodePage({ papers }: { readonly papers: readonly TrendingCodePaper[] }) {
  return (
    <>
      <header className="list-head">
        <BestTabs current="code" hasCode={true} />
        <h1>{say('code.title')}</h1>
        <p className="soft">
          {say('code.lead', { days: STARS_PAPER_DAYS, stars: STARS_GAINED_MIN, growth: STARS_GROWTH_DAYS })}
        </p>
      </header>
      {papers.length === 0 ? <p className="message">{say('code.none')}</p> : null}
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
