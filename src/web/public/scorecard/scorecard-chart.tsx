import type { Day } from '../../../domain/day.ts'

/**
 * One edition in the chart: for each ranking, how many papers of its top ten are among the ten most voted a week later.
 */
export interface ChartPoint {
  readonly day: Day
  readonly ours: number
  readonly votes: number
  readonly oracle: number
}

interface Shape {
  readonly width: number
  readonly height: number
}

const WIDE: Shape = { width: 640, height: 210 }
// Drawn for the width of a phone, so that the text keeps its size.
const NARROW: Shape = { width: 320, height: 200 }
const LEFT = 26
const RIGHT = 10
const TOP = 12
const BOTTOM = 28
const MOST = 10

/**
 * Our ranking is a dot, raw votes a ring and the best possible ranking a bar. Equal values overlap and stay visible.
 * The table below has the same figures, so the chart needs no other description.
 */
export function ScorecardChart({ points, words }: { readonly points: readonly ChartPoint[]; readonly words: string }) {
  return (
    <figure className="score-chart">
      <figcaption>
        Papers of the top ten that were among the ten most voted a week later
        <span className="legend">
          <Key className="ours" name="ours" />
          <Key className="votes" name="the morning’s votes" />
          <Key className="oracle" name="best possible" />
        </span>
      </figcaption>
      <Drawing points={points} shape={WIDE} name="wide" words={words} />
      <Drawing points={points} shape={NARROW} name="narrow" words={words} />
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

interface DrawingProps {
  readonly points: readonly ChartPoint[]
  readonly shape: Shape
  readonly name: string
  readonly words: string
}

function Drawing({ points, shape, name, words }: DrawingProps) {
  const { width, height } = shape
  const step = (width - LEFT - RIGHT) / points.length
  // Radius of the dot. The ring is half as large again, and neighbours must not touch.
  const radius = round(Math.min(4.5, Math.max(1.8, step * 0.3)))
  const x = (at: number) => round(LEFT + (at + 0.5) * step)
  const y = (value: number) => round(TOP + (1 - value / MOST) * (height - TOP - BOTTOM))
  const half = Math.min(step * 0.42, 12)
  const id = `score-chart-${name}`
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={`${id}-words`} className={name}>
      <title id={`${id}-words`}>{words}</title>
      {[0, 5, 10].map((value) => (
        <g key={value}>
          <line className="grid" x1={LEFT} x2={width - RIGHT} y1={y(value)} y2={y(value)} />
          <text className="tick" x={LEFT - 8} y={y(value) + 4} textAnchor="end">
            {value}
          </text>
        </g>
      ))}
      {points.map(({ day, ours, votes, oracle }, at) => (
        <g key={day}>
          <line className="stem" x1={x(at)} x2={x(at)} y1={y(0)} y2={y(oracle)} />
          <line className="oracle" x1={round(x(at) - half)} x2={round(x(at) + half)} y1={y(oracle)} y2={y(oracle)} />
          <circle className="votes" cx={x(at)} cy={y(votes)} r={round(radius * 1.5)} />
          <circle className="ours" cx={x(at)} cy={y(ours)} r={radius} />
        </g>
      ))}
      <text
        className="tick"
        x={points.length > 1 ? LEFT : x(0)}
        y={height - 6}
        textAnchor={points.length > 1 ? 'start' : 'middle'}
      >
        {shortDate(points[0]?.day)}
      </text>
      {points.length > 1 ? (
        <text className="tick" x={width - RIGHT} y={height - 6} textAnchor="end">
          {shortDate(points.at(-1)?.day)}
        </text>
      ) : null}
    </svg>
  )
}

/** `24 Nov 2026`. */
export function shortDate(day: Day | undefined): string {
  if (day === undefined) return ''
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' }).format(
    new Date(`${day}T00:00:00Z`),
  )
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
