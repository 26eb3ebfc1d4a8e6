import { PAPER_AUTHORS_SHOWN } from '../../../config/limits-web.ts'
import type { PaperRecord } from '../../ledger/editions/public-queries.ts'
import { ordinal } from '../../ranking/explain.ts'
import { longDay } from '../../rendering/digest/view-model.ts'
import { MathText } from '../layout/mathematics.tsx'
import { PaperLinkList } from './paper-card.tsx'

/** One paper with all its details and the days on which it was listed. */
export function PaperPage({ record }: { readonly record: PaperRecord }) {
  const { paper } = record
  return (
    <article className="paper-page">
      <h1 dir="auto">
        <MathText text={paper.title} latex={paper.latex?.title} />
      </h1>
      <Authors names={paper.authors} organization={paper.organization} />
      <PaperLinkList paper={paper} />
      <h2>Abstract</h2>
      {paper.abstract === '' ? (
        <p className="soft">The source provides no abstract.</p>
      ) : (
        <p className="abstract" dir="auto">
          <MathText text={paper.abstract} latex={paper.latex?.abstract} />
        </p>
      )}
      {paper.machineSummary === null ? null : (
        <aside className="message">
          <p className="small">
            <b>AI summary</b>, provided by the source
          </p>
          <p dir="auto">{paper.machineSummary}</p>
        </aside>
      )}
      <History record={record} />
      <Keywords words={paper.keywords} />
      <p className="message">
        <a href="/#subscribe">Get papers like this by email</a>, with those that match your interests first.
      </p>
    </article>
  )
}

function Authors({ names, organization }: { readonly names: readonly string[]; readonly organization: string | null }) {
  const rest = names.slice(PAPER_AUTHORS_SHOWN)
  return (
    <div className="byline" dir="auto">
      <p>
        {names.slice(0, PAPER_AUTHORS_SHOWN).join(', ')}
        {organization === null ? '' : `${names.length === 0 ? '' : ' · '}${organization}`}
      </p>
      {rest.length === 0 ? null : (
        <details>
          <summary>and {rest.length.toLocaleString('en-US')} others</summary>
          <p className="small">{rest.join(', ')}</p>
        </details>
      )}
    </div>
  )
}

function History({ record }: { readonly record: PaperRecord }) {
  const { days, votes } = record
  const counted = votes.filter(({ upvotes }) => upvotes !== null)
  return (
    <>
      <h2>Days on the list</h2>
      <ul className="plain">
        {days.map(({ day, rank, papers }) => (
          <li key={day}>
            <a href={`/papers/${day}`}>{longDay(day)}</a>, {ordinal(rank)} of {papers}
          </li>
        ))}
      </ul>
      {counted.length === 0 ? null : (
        <table className="votes-over-time">
          <caption className="hidden">Votes over time</caption>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Votes</th>
            </tr>
          </thead>
          <tbody>
            {counted.map(({ at, upvotes }) => (
              <tr key={at.toISOString()}>
                <td>{at.toISOString().slice(0, 16).replace('T', ' ')} UTC</td>
                <td>{upvotes?.toLocaleString('en-US')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}

function Keywords({ words }: { readonly words: readonly string[] }) {
  if (words.length === 0) return null
  return (
    <>
      <h2>Keywords</h2>
      <ul className="keywords">
        {words.map((word) => (
          <li key={word}>
            <a href={`/search?q=${encodeURIComponent(`"${word}"`)}`}>{word}</a>
          </li>
        ))}
      </ul>
    </>
  )
}
