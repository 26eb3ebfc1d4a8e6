import type { ReactNode } from 'react'
import { figures, Table } from './admin-page.tsx'

export interface Series {
  readonly name: string
  readonly points: readonly number[]
}

interface ChartProps {
  readonly id: string
  readonly title: string
  /** One sentence for those who do not see the picture. */
  readonly words: string
  readonly labels: readonly string[]
  readonly series: readonly Series[]
  /** Horizontal lines that must not be crossed. */
  readonly limits?: readonly { readonly name: string; readonly at: number }[]
  readonly format: (value: number) => string
}

const WIDTH = 640
const HEIGHT = 200
const LEFT = 64
const TOP = 12
const BOTTOM = 28

/** A line for each series over the same stretch of time. */
export function LineChart(props: ChartProps) {
  const { place, most } = scaleOf(props)
  return (
    <ChartFrame {...props} most={most} place={place}>
      {props.series.map((series, index) => (
        <polyline
          key={series.name}
          className={`line line-${index + 1}`}
          points={series.points.map((value, at) => `${place.x(at)},${place.y(value)}`).join(' ')}
        />
      ))}
      {props.series.flatMap((series, index) =>
        series.points.length > 31
          ? []
          : series.points.map((value, at) => (
              <circle
                // biome-ignore lint/suspicious/noArrayIndexKey: a point is known by its place in time.
                key={`${series.name}-${at}`}
                className={`dot dot-${index + 1}`}
                cx={place.x(at)}
                cy={place.y(value)}
                r="3"
              />
            )),
      )}
    </ChartFrame>
  )
}

/** Bars side by side in time, the series of each on top of each other. */
export function BarChart(props: ChartProps) {
  const totals = props.labels.map((_, at) => props.series.reduce((sum, series) => sum + (series.points[at] ?? 0), 0))
  const { place, most } = scaleOf({ ...props, series: [{ name: '', points: totals }] }, true)
  const width = Math.max(1, ((WIDTH - LEFT) / Math.max(1, props.labels.length)) * 0.8)
  return (
    <ChartFrame {...props} most={most} place={place}>
      {props.labels.flatMap((label, at) => {
        let below = 0
        return props.series.map((series, index) => {
          const value = series.points[at] ?? 0
          below += value
          return (
            <rect
              key={`${label}-${series.name}`}
              className={`bar bar-${index + 1}`}
              x={round(place.x(at) - width / 2)}
              y={place.y(below)}
              width={round(width)}
              height={round(place.y(below - value) - place.y(below))}
            />
          )
        })
      })}
    </ChartFrame>
  )
}

interface Place {
  x(at: number): number
  y(value: number): number
}

function scaleOf(
  { labels, series, limits = [] }: Pick<ChartProps, 'labels' | 'series' | 'limits'>,
  bars = false,
): { place: Place; most: number } {
  const most = niceAbove(Math.max(...series.flatMap((each) => each.points), ...limits.map((limit) => limit.at), 0))
  const inner = WIDTH - LEFT - 8
  return {
    most,
    place: {
      x: (at) =>
        round(
          LEFT +
            (bars ? ((at + 0.5) / Math.max(1, labels.length)) * inner : (at / Math.max(1, labels.length - 1)) * inner),
        ),
      y: (value) => round(TOP + (1 - value / most) * (HEIGHT - TOP - BOTTOM)),
    },
  }
}

function ChartFrame({
  id,
  title,
  words,
  labels,
  series,
  limits = [],
  format,
  most,
  place,
  children,
}: ChartProps & { readonly most: number; readonly place: Place; readonly children: ReactNode }) {
  return (
    <figure className="chart">
      <figcaption>
        {title}
        <span className="legend">
          {series.map((each, index) => (
            <span key={each.name} className={`key key-${index + 1}`}>
              {each.name}
            </span>
          ))}
        </span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby={`${id}-title ${id}-words`}>
        <title id={`${id}-title`}>{title}</title>
        <desc id={`${id}-words`}>{words}</desc>
        {[0, most / 2, most].map((value) => (
          <g key={value}>
            <line className="grid" x1={LEFT} x2={WIDTH} y1={place.y(value)} y2={place.y(value)} />
            <text className="tick" x={LEFT - 8} y={place.y(value) + 4} textAnchor="end">
              {format(value)}
            </text>
          </g>
        ))}
        {limits.map((limit, index) => (
          <g key={limit.name}>
            <line className="limit" x1={LEFT} x2={WIDTH} y1={place.y(limit.at)} y2={place.y(limit.at)} />
            <text
              className="limit-name"
              // Left and right by turns, because the lines may lie close to each other.
              x={index % 2 === 0 ? LEFT + 8 : WIDTH - 4}
              y={place.y(limit.at) - 4}
              textAnchor={index % 2 === 0 ? 'start' : 'end'}
            >
              {limit.name}
            </text>
          </g>
        ))}
        {children}
        <text className="tick" x={LEFT} y={HEIGHT - 6}>
          {labels[0] ?? ''}
        </text>
        <text className="tick" x={WIDTH - 4} y={HEIGHT - 6} textAnchor="end">
          {labels.length > 1 ? labels.at(-1) : ''}
        </text>
      </svg>
      <Numbers labels={labels} series={series} format={format} title={title} />
    </figure>
  )
}

/** The same as a table, for those who would rather read than look. */
function Numbers({ labels, series, format, title }: Pick<ChartProps, 'labels' | 'series' | 'format' | 'title'>) {
  return (
    <details>
      <summary>
        Numbers<span className="hidden"> of {title}</span>
      </summary>
      <Table name={`Numbers of ${title}`} columns={['When', ...series.map(({ name }) => figures(name))]}>
        {labels.map((label, at) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            {series.map((each) => (
              <td key={each.name} className="number">
                {format(each.points[at] ?? 0)}
              </td>
            ))}
          </tr>
        ))}
      </Table>
    </details>
  )
}

/** 1, 2 or 5 times a power of ten, at or above the value. */
function niceAbove(value: number): number {
  if (value <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  const step = [1, 2, 5, 10].find((each) => each * power >= value * 1.0001) ?? 10
  return step * power
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
