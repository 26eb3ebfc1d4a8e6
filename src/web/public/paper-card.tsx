import type { Paper, Signals } from '../../domain/paper.ts'
import { authorLine, linkViews } from '../../rendering/digest/view-model.ts'
import { paperPath } from '../../security/signed-links.ts'
import { MathText } from '../layout/mathematics.tsx'

interface PaperCardProps {
  readonly paper: Paper
  readonly signals: Signals | null
  /** Rank on the day, or null where papers have no rank. */
  readonly rank: number | null
  readonly why: string | null
}

/** One paper in a list: title, authors, abstract, links and votes. */
export function PaperCard({ paper, signals, rank, why }: PaperCardProps) {
  const votes = signals?.upvotes ?? null
  return (
    <article className="paper">
      <div className="figure">
        {rank === null ? null : <span className="rank">{rank}</span>}
        {votes === null ? null : (
          <span className="votes">
            <b>{votes.toLocaleString('en-US')}</b> {votes === 1 ? 'vote' : 'votes'}
          </span>
        )}
      </div>
      <div className="body">
        <h2 dir="auto">
          <a href={paperPath(paper.id)}>
            <MathText text={paper.title} latex={paper.latex?.title} />
          </a>
        </h2>
        <Byline paper={paper} />
        {why === null ? null : <p className="why">{evidence(why, signals)}</p>}
        <p className="abstract" dir="auto">
          <MathText text={paper.abstract} latex={paper.latex?.abstract} />
        </p>
        <PaperLinkList paper={paper} />
      </div>
    </article>
  )
}

export function Byline({ paper }: { readonly paper: Paper }) {
  const parts = [authorLine(paper.authors), paper.organization ?? ''].filter((part) => part !== '')
  return parts.length === 0 ? null : (
    <p className="byline" dir="auto">
      {parts.join(' · ')}
    </p>
  )
}

/** Links to the paper, its code and its project pages. */
export function PaperLinkList({ paper }: { readonly paper: Paper }) {
  const links = linkViews(paper)
  if (links.length === 0) return null
  return (
    <ul className="links" aria-label="Links of this paper">
      {links.map(({ label, url }) => (
        <li key={label}>
          <a href={url} rel="noopener nofollow">
            {label}
          </a>
        </li>
      ))}
    </ul>
  )
}

function evidence(why: string, signals: Signals | null): string {
  const counted = (count: number | null | undefined, noun: string) =>
    count === null || count === undefined || count === 0
      ? []
      : [`${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`]
  return [why, ...counted(signals?.comments, 'comment'), ...counted(signals?.stars, 'GitHub star')].join(' · ')
}
