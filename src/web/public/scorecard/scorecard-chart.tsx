import type { Day } from '../../../domain/day.ts'
import { say } from '../../../language/language.ts'
import { Plot, round } from '../../layout/chart.tsx'
import { shortDate } from '../../layout/dates.ts'

/**
 * One edition in the chart: for each ranking, how many papers of its top ten are among the ten most voted a week later.
 */
export interface ChartPoint {
  readonly day: Day
  readonly ours: number
  readonly votes: number
  readonly oracle: number
}

interface ScorecardChartProps {
  readonly points: readonly ChartPoint[]
  readonly words: string
}

const MOST = 10

/**
 * Our ranking is a dot, raw votes a ring and the best possible ranking a bar, so equal values stay visible. The table
 * below has the same figures. Phones get a chart of their own width, so that the text keeps its size.
 */
export function ScorecardChart(props: ScorecardChartProps) {
  return (
    <figure className="score-chart">
      <figcaption>
        {say('score.chart')}
        <span className="legend">
          <Key className="ours" name={say('score.key.ours')} />
          <Key className="votes" name={say('score.key.votes')} />
          <Key className="oracle" name={say('score.key.oracle')} />
        </span>
      </figcaption>
      <Picture {...props} name="wide" width={640} />
      <Picture {...props} name="narrow" width={320} />
    </figure>
  )
}

function Key({ className, name }: { readonly className: string; readonly name: string }) {
  return (
    <span className="key">
      <svg viewBox="0 0 16 12" aria-hidden="true">
        {className === 'oracle' ? (
          <line className="oracle" x1="2" x2="14" y1="6" y2="6" />
        ) : (
          <circle className={className} cx="8" cy="6" r={className === 'ours' ? 3.2 : 4.8} />
        )}
      </svg>
      {name}
    </span>
  )
}

function Picture({
  points,
  words,
  name,
  width,
}: ScorecardChartProps & { readonly name: string; readonly width: number }) {
  return (
    <Plot
      id={`score-chart-${name}`}
      title={words}
      className={name}
      width={width}
      left={26}
      labels={points.map(({ day }) => shortDate(day))}
      most={MOST}
      format={String}
      placement="in the middle"
    >
      {({ x, y, step }) => {
        // The ring is half as wide again as the dot, and neighbours must not touch.
        const radius = round(Math.min(4.5, Math.max(1.8, step * 0.3)))
        const half = Math.min(step * 0.42, 12)
        return points.map(({ day, ours, votes, oracle }, at) => (
          <g key={day}>
            <line className="stem" x1={x(at)} x2={x(at)} y1={y(0)} y2={y(oracle)} />
            <line className="oracle" x1={round(x(at) - half)} x2={round(x(at) + half)} y1={y(oracle)} y2={y(oracle)} />
            <circle className="votes" cx={x(at)} cy={y(votes)} r={round(radius * 1.5)} />
            <circle className="ours" cx={x(at)} cy={y(ours)} r={radius} />
          </g>
        ))
      }}
    </Plot>
  )
}
