import { day, dayIn } from '../../../domain/day.ts'
import { language, say } from '../../../language/language.ts'
import { sayWith } from '../../../language/markup.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'
import { Plot } from '../../layout/chart.tsx'
import { shortDate, shortDay } from '../../layout/dates.ts'

interface Moment {
  readonly at: Date
  readonly upvotes: number
}

/** The votes of a paper over time as a line, and as a table to unfold. */
export function VotesChart({ moments }: { readonly moments: readonly Moment[] }) {
  const [first, last] = [moments[0], moments.at(-1)]
  if (first === undefined || last === undefined) return null
  const span = last.at.getTime() - first.at.getTime()
  if (span <= 0) {
    const [on = '', time = ''] = first.at.toISOString().split('T')
    return <p className="soft small">{say('votes.asOf', { time: time.slice(0, 5), day: longDay(day(on)) })}</p>
  }
  const [from, to] = dates(first.at, last.at)
  return (
    <>
      <Plot
        id="votes"
        className="votes-chart"
        title={say('votes.title')}
        words={say('votes.words', { first: first.upvotes, last: last.upvotes, from, to })}
        width={320}
        left={44}
        labels={[from, to]}
        most={topOf(moments)}
        format={language().number}
        placement="from edge to edge"
      >
        {({ x, y }) => {
          const points = moments.map(({ at, upvotes }) => [x((at.getTime() - first.at.getTime()) / span), y(upvotes)])
          return (
            <>
              <polyline className="line" points={points.map((point) => point.join(',')).join(' ')} />
              <circle className="dot" cx={points.at(-1)?.[0]} cy={points.at(-1)?.[1]} r="3.5" />
            </>
          )
        }}
      </Plot>
      <details>
        <summary>{sayWith('votes.numbers', { hidden: (text) => <span className="hidden">{text}</span> })}</summary>
        <table className="votes-over-time">
          <caption className="hidden">{say('votes.title')}</caption>
          <thead>
            <tr>
              <th scope="col">{say('votes.time')}</th>
              <th scope="col">{say('votes.column')}</th>
            </tr>
          </thead>
          <tbody>
            {moments.map(({ at, upvotes }) => (
              <tr key={at.toISOString()}>
                <td>{at.toISOString().slice(0, 16).replace('T', ' ')}</td>
                <td>{language().number(upvotes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  )
}

/** Returns the top of the scale: little above the highest value, and half of it is a whole number. */
function topOf(moments: readonly Moment[]): number {
  const most = Math.max(1, ...moments.map(({ upvotes }) => upvotes))
  const power = Math.max(1, 10 ** (Math.floor(Math.log10(most)) - 1))
  const step = [2, 4, 6, 8, 10, 12, 14, 16, 20, 24, 30, 40, 50, 60, 80, 100].find((each) => each * power >= most) ?? 100
  return step * power
}

/** Names the year only where the two dates are in different ones. */
function dates(first: Date, last: Date): readonly [string, string] {
  const [from, to] = [dayIn('UTC', first), dayIn('UTC', last)]
  const words = from.slice(0, 4) === to.slice(0, 4) ? shortDay : shortDate
  return [words(from), words(to)]
}
