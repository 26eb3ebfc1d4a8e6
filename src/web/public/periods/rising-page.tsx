import { RISING_DAYS, RISING_TIMES_MIN, RISING_VOTES_MIN } from '../../../../config/limits-topics.ts'
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
        <h1>Rising again</h1>
        <p className="soft">
          Papers of the {RISING_DAYS} days before the newest list that gained at least {RISING_VOTES_MIN} votes after
          their day, and now have at least {RISING_TIMES_MIN} times the votes of that day. The largest gains come first.
        </p>
      </header>
      {papers.length === 0 ? (
        <p className="message">
          No paper of these days has gained that many votes. We read the votes of a list again for about a week.
        </p>
      ) : null}
      <div className="entries">
        {papers.map(({ paper, signals, day, votesThen }, index) => (
          <PaperCard
            key={paper.id}
            paper={paper}
            signals={signals}
            rank={index + 1}
            growth={stars.growths.get(paper.id)}
            why={`${votesThen.toLocaleString('en-US')} → ${(signals.upvotes ?? 0).toLocaleString('en-US')} votes since ${longDay(day)}`}
          />
        ))}
      </div>
    </>
  )
}
