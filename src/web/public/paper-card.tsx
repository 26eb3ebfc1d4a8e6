import { CARD_AUTHORS_SHOWN, CARD_KEYWORDS_SHOWN } from '../../../config/limits-web.ts'
import type { Paper, Signals } from '../../domain/paper.ts'
import { gainedWords, isNotable, type StarGrowth } from '../../domain/stars.ts'
import { topicPath } from '../../domain/topics/topic-slug.ts'
import { language, say } from '../../language/language.ts'
import { sayWith } from '../../language/markup.ts'
import { reasonBesidesVotes } from '../../ranking/explain.ts'
import { keySentenceOf } from '../../rendering/digest/key-sentence.ts'
import { linkWords } from '../../rendering/digest/link-words.ts'
import { authorLine, linkViews } from '../../rendering/digest/view-model.ts'
import { cleanLine } from '../../rendering/escape.ts'
import { paperPath } from '../../security/signed-links.ts'
import { MathText } from '../layout/mathematics.tsx'

interface PaperCardProps {
  readonly paper: Paper
  readonly signals: Signals | null
  /** Rank on the day, or null where papers have no rank. */
  readonly rank: number | null
  readonly why: string | null
  /** The growth of its repository's stars, if it is known. */
  readonly growth?: StarGrowth | undefined
}

/**
 * One paper in a list, to be read in a few seconds: title, authors, one or two lines, votes, code and keywords. The abstract
 * unfolds in place.
 */
export function PaperCard({ paper, signals, rank, why, growth }: PaperCardProps) {
  const reason = why === null ? null : reasonBesidesVotes(why)
  const byline = [authorLine(paper.authors, CARD_AUTHORS_SHOWN), paper.organization ?? ''].filter((part) => part !== '')
  return (
    <article className="entry" id={`paper-${paper.id}`}>
      {rank === null ? null : <span className="rank">{rank}</span>}
      <div className="body">
        <h2 dir="auto">
          <a href={paperPath(paper.id)}>
            <MathText text={paper.title} latex={paper.latex?.title} />
          </a>
        </h2>
        <p className="entry-byline">
          <Votes signals={signals} />
          <span className="by" dir="auto">
            {byline.join(' · ')}
          </span>
        </p>
        {reason === null ? null : <p className="entry-reason">{reason}</p>}
        <Gist paper={paper} />
        <div className="entry-foot">
          <Abstract paper={paper} />
          <Facts paper={paper} signals={signals} growth={growth} />
          <Keywords words={paper.keywords} />
        </div>
      </div>
    </article>
  )
}

function Votes({ signals }: Pick<PaperCardProps, 'signals'>) {
  const votes = signals?.upvotes ?? null
  return votes === null ? null : (
    <span className="votes">{sayWith('paper.votes', { b: (text) => <b>{text}</b> }, { count: votes })} </span>
  )
}

/** The source's AI summary, marked as such, or the abstract's key sentence. */
function Gist({ paper }: Pick<PaperCardProps, 'paper'>) {
  const { machineSummary } = paper
  const text = machineSummary ?? keySentenceOf(cleanLine(paper.abstract), paper.title)
  return text === '' ? null : (
    <p className="gist" dir="auto">
      {machineSummary === null ? null : <span className="label">{say('paper.machine')}</span>}
      {text}
    </p>
  )
}

function Abstract({ paper }: Pick<PaperCardProps, 'paper'>) {
  const others = linkViews(paper).filter(({ label }) => !LABELS_IN_FACTS.includes(label))
  return paper.abstract === '' ? null : (
    <details className="entry-abstract">
      <summary>{say('paper.abstract')}</summary>
      <p className="abstract" dir="auto">
        <MathText text={paper.abstract} latex={paper.latex?.abstract} />
      </p>
      {others.length === 0 ? null : (
        <p className="more">
          {others.map(({ label, url }) => (
            <a key={label} href={url} rel="noopener nofollow">
              {linkWords(label)}
            </a>
          ))}
        </p>
      )}
    </details>
  )
}

const LABELS_IN_FACTS: readonly string[] = ['arXiv', 'Paper', 'PDF', 'Code']

function Facts({ paper, signals, growth }: Pick<PaperCardProps, 'paper' | 'signals' | 'growth'>) {
  const comments = signals?.comments ?? 0
  const stars = growth?.stars ?? signals?.stars ?? 0
  const { huggingface } = paper.links
  const words = say('count.comments', { count: comments })
  return (
    <ul className="entry-facts" aria-label={say('paper.links')}>
      {linkViews(paper)
        .filter(({ label }) => LABELS_IN_FACTS.includes(label))
        .sort((a, b) => Number(b.label === 'Code') - Number(a.label === 'Code'))
        .map(({ label, url }) => (
          <li key={label}>
            <a href={url} rel="noopener nofollow">
              {linkWords(label)}
            </a>
            {label === 'Code' && stars > 0 ? <Stars count={stars} growth={growth} /> : null}
          </li>
        ))}
      {comments === 0 ? null : (
        <li>
          {huggingface === undefined ? (
            words
          ) : (
            <a href={huggingface} rel="noopener nofollow">
              {words}
            </a>
          )}
        </li>
      )}
    </ul>
  )
}

function Stars({ count, growth }: { readonly count: number } & Pick<PaperCardProps, 'growth'>) {
  return (
    <span className="soft">
      {' '}
      <span aria-hidden="true">★</span>
      {language().number(count)}
      <span className="hidden"> {say('paper.stars', { count })}</span>
      {growth !== undefined && isNotable(growth) ? `, ${gainedWords(growth)}` : null}
    </span>
  )
}

function Keywords({ words }: { readonly words: readonly string[] }) {
  return words.length === 0 ? null : (
    <ul className="entry-keywords" aria-label={say('paper.topics')}>
      {words.slice(0, CARD_KEYWORDS_SHOWN).map((word) => (
        <li key={word}>
          <a href={topicPath(word)}>{word}</a>
        </li>
      ))}
    </ul>
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
    <ul className="links" aria-label={say('paper.links')}>
      {links.map(({ label, url }) => (
        <li key={label}>
          <a href={url} rel="noopener nofollow">
            {linkWords(label)}
          </a>
        </li>
      ))}
    </ul>
  )
}
