import type { ReactNode } from 'react'
import { figures, Table } from './table.tsx'

interface ChartProps {
  readonly id: string
  readonly title: string
  /** One sentence for people who do not see the picture. */
  readonly words: string
  readonly labels: readonly string[]
  readonly series: readonly { readonly name: string; readonly points: readonly number[] }[]
  /** Horizontal lines that must not be crossed. */
  readonly limits?: readonly { readonly name: string; readonly at: number }[]
  readonly format: (value: number) => string
}

/** A line for each series over the same time. */
export function LineChart(props: ChartProps) {
  const { series, limits = [] } = props
  const most = niceAbove([...series.flatMap(({ points }) => points), ...limits.map(({ at }) => at)])
  return (
    <Figure {...props} most={most} placement="from edge to edge">
      {({ x, y }) =>
        series.map(({ name, points }, index) => (
          <g key={name}>
            <polyline
              className={`line line-${index + 1}`}
              points={points.map((value, at) => `${x(at)},${y(value)}`).join(' ')}
            />
            {points.length > DOTS_MAX
              ? null
              : points.map((value, at) => (
                  <circle key={x(at)} className={`dot dot-${index + 1}`} cx={x(at)} cy={y(value)} r="3" />
                ))}
          </g>
        ))
      }
    </Figure>
  )
}

/** Bars side by side in time, with the series on top of each other. */
export function BarChart(props: ChartProps) {
  const { series, limits = [], labels } = props
  /** Height of the first series at a label, all together. */
  const upTo = (count: number, at: number) =>
    series.slice(0, count).reduce((sum, { points }) => sum + (points[at] ?? 0), 0)
  const most = niceAbove([...labels.map((_, at) => upTo(series.length, at)), ...limits.map(({ at }) => at)])
  return (
    <Figure {...props} most={most} placement="in the middle">
      {({ x, y, step }) =>
        labels.flatMap((label, at) =>
          series.map(({ name }, index) => (
            <rect
              key={`${label}-${name}`}
              className={`bar bar-${index + 1}`}
              x={round(x(at) - step * 0.4)}
              y={y(upTo(index + 1, at))}
              width={round(Math.max(1, step * 0.8))}
              height={round(y(upTo(index, at)) - y(upTo(index + 1, at)))}
            />
          )),
        )
      }
    </Figure>
  )
}

const DOTS_MAX = 31

/** A plot with its legend, and its numbers as a table for people who prefer to read. */
function Figure({ series, ...plot }: ChartProps & Pick<PlotProps, 'most' | 'placement' | 'children'>) {
  const { title, labels, format } = plot
  return (
    <figure className="chart">
      <figcaption>
        {title}
        <span className="legend">
          {series.map(({ name }, index) => (
            <span key={name} className={`key key-${index + 1}`}>
              {name}
            </span>
          ))}
        </span>
      </figcaption>
      <Plot {...plot} />
      <details>
        <summary>
          Numbers<span className="hidden"> of {title}</span>
        </summary>
        <Table name={`Numbers of ${title}`} columns={['When', ...series.map(({ name }) => figures(name))]}>
          {labels.map((label, at) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {series.map(({ name, points }) => (
                <td key={name} className="number">
                  {format(points[at] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </Table>
      </details>
    </figure>
  )
}

/** Turns values into positions in the picture. */
interface Scale {
  /** Width of one value. */
  readonly step: number
  x(at: number): number
  y(value: number): number
}

interface PlotProps extends Omit<ChartProps, 'words' | 'series'> {
  readonly words?: string
  readonly className?: string
  readonly width?: number
  /** Room for the figures at the left. */
  readonly left?: number
  readonly most: number
  /** Position of each value: from edge to edge, or in the middle of its share of the width. */
  readonly placement: 'from edge to edge' | 'in the middle'
  readonly children: (scale: Scale) => ReactNode
}

const HEIGHT = 200
const TOP = 12
const BOTTOM = 28
const RIGHT = 8

/** The picture alone: horizontal lines with their figures, the first label and the last, and the marks of `children`. */
export function Plot({ id, title, words, className, width = 640, left = 64, ...props }: PlotProps) {
  const { labels, limits = [], most, format, placement, children } = props
  const right = width - RIGHT
  const inMiddle = placement === 'in the middle'
  const step = (right - left) / Math.max(1, inMiddle ? labels.length : labels.length - 1)
  const x = (at: number) => round(left + (at + (inMiddle ? 0.5 : 0)) * step)
  const y = (value: number) => round(TOP + (1 - value / most) * (HEIGHT - TOP - BOTTOM))
  const ends =
    labels.length > 1
      ? ([
          [left, 'start', labels[0]],
          [right, 'end', labels.at(-1)],
        ] as const)
      : ([[x(0), 'middle', labels[0]]] as const)
  return (
    <svg
      viewBox={`0 0 ${width} ${HEIGHT}`}
      role="img"
      aria-labelledby={words === undefined ? `${id}-title` : `${id}-title ${id}-words`}
      className={className}
    >
      <title id={`${id}-title`}>{title}</title>
      {words === undefined ? null : <desc id={`${id}-words`}>{words}</desc>}
      {[0, most / 2, most].map((value) => (
        <g key={value}>
          <line className="grid" x1={left} x2={right} y1={y(value)} y2={y(value)} />
          <text className="tick" x={left - 8} y={y(value) + 4} textAnchor="end">
            {format(value)}
          </text>
        </g>
      ))}
      {limits.map(({ name, at }, index) => (
        <g key={name}>
          <line className="limit" x1={left} x2={right} y1={y(at)} y2={y(at)} />
          {/* Names alternate between left and right, because the lines may lie close to each other. */}
          <text
            className="limit-name"
            x={index % 2 === 0 ? left + 8 : right}
            y={y(at) - 4}
            textAnchor={index % 2 === 0 ? 'start' : 'end'}
          >
            {name}
          </text>
        </g>
      ))}
      {children({ step, x, y })}
      {ends.map(([at, anchor, label]) => (
        <text key={anchor} className="tick" x={at} y={HEIGHT - 6} textAnchor={anchor}>
          {label}
        </text>
      ))}
    </svg>
  )
}

/** Returns 1, 2 or 5 times a power of ten, above every value. */
function niceAbove(values: readonly number[]): number {
  const value = Math.max(0, ...values)
  if (value === 0) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  const step = [1, 2, 5].find((each) => each * power >= value * 1.0001) ?? 10
  return step * power
}

export function round(value: number): number {
  return Math.round(value * 10) / 10
}
