import { RISING_DAYS, RISING_TIMES_MIN, RISING_VOTES_MIN } from '../../../../config/limits-topics.ts'
import { say } from '../../../language/language.ts'
import type { RisingPaper } from '../../../ledger/editions/periods/best.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'
import type { PageStars } from '../page-stars.ts'
import { PaperCard } from '../paper-card.tsx'
import { BestTabs } from './best-tabs.tsx'

/** The papers whose votes grew most after their day. */
export function RisingPage({ papers, stars }: { readonly papers: readonly RisingPaper[]; readonly stars: PageStars }) {
  return (
    <>
      <header className="list-head">
        <BestTabs current="rising" hasCode={stars.hasCode} />
        <h1>{say('tab.rising')}</h1>
        <p className="soft">
          {say('rising.lead', { days: RISING_DAYS, votes: RISING_VOTES_MIN, times: RISING_TIMES_MIN })}
        </p>
      </header>
      {papers.length === 0 ? <p className="message">{say('rising.none')}</p> : null}
      <div className="entries">
        {papers.map(({ paper, signals, day, votesThen }, index) => (
          <PaperCard
            key={paper.id}
            paper={paper}
            signals={signals}
            rank={index + 1}
            growth={stars.growths.get(paper.id)}
            why={say('rising.why', { before: votesThen, now: signals.upvotes ?? 0, day: longDay(day) })}
          />
        ))}
      </div>
    </>
  )
}
