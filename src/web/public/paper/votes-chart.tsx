import { day, dayIn } from '../../../domain/day.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'
import { counted } from '../../../text/counted.ts'
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
    return (
      <p className="soft small">
        As of {time.slice(0, 5)} UTC, {longDay(day(on))}
      </p>
    )
  }
  const [from, to] = dates(first.at, last.at)
  return (
    <>
      <Plot
        id="votes"
        className="votes-chart"
        title="Votes over time"
        words={`From ${counted(first.upvotes, 'vote')} on ${from} to ${counted(last.upvotes, 'vote')} on ${to}.`}
        width={320}
        left={44}
        labels={[from, to]}
        most={topOf(moments)}
        format={(value) => value.toLocaleString('en-US')}
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
        <summary>
          Numbers<span className="hidden"> of the votes over time</span>
        </summary>
        <table className="votes-over-time">
          <caption className="hidden">Votes over time</caption>
          <thead>
            <tr>
              <th scope="col">Time (UTC)</th>
              <th scope="col">Votes</th>
            </tr>
          </thead>
          <tbody>
            {moments.map(({ at, upvotes }) => (
              <tr key={at.toISOString()}>
                <td>{at.toISOString().slice(0, 16).replace('T', ' ')}</td>
                <td>{upvotes.toLocaleString('en-US')}</td>
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
