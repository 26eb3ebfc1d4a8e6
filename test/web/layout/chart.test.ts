import { describe, expect, it } from '@jest/globals'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import type { Day } from '../../../src/domain/day.ts'
import { BarChart, LineChart } from '../../../src/web/layout/chart.tsx'
import { ScorecardChart } from '../../../src/web/public/scorecard/scorecard-chart.tsx'

const chart = {
  id: 'sends',
  title: 'Digests over time',
  words: 'The busiest hour had 30.',
  labels: ['06:00', '07:00', '08:00'],
  series: [
    { name: 'sent', points: [1, 2, 30] },
    { name: 'failed', points: [3, 0, 5] },
  ],
  limits: [{ name: 'alert', at: 20 }],
  format: (value: number) => `${value}`,
}
const days = ['2026-11-01', '2026-11-02'].map((day) => ({ day: day as Day, ours: 6, votes: 5, oracle: 9 }))

/** The accessible name of each picture: the texts of the elements that `aria-labelledby` names. */
function namesOf(html: string): string[] {
  return [...html.matchAll(/role="img" aria-labelledby="([^"]+)"/g)].map(([, ids = '']) =>
    ids
      .split(' ')
      .map((id) => new RegExp(`id="${id}">([^<]*)<`).exec(html)?.[1] ?? `(${id} is missing)`)
      .join(' '),
  )
}

describe('a chart', () => {
  it.each([
    ['line', LineChart],
    ['bar', BarChart],
  ])('with %s marks has a name, a sentence and the same numbers as a table', (_, Chart) => {
    const html = renderToStaticMarkup(createElement(Chart, chart))
    expect(namesOf(html)).toEqual(['Digests over time The busiest hour had 30.'])
    const cells = [...html.matchAll(/<td class="number"[^>]*>([^<]*)</g)].map(([, text]) => Number(text))
    expect(cells).toEqual([1, 3, 2, 0, 30, 5])
  })

  it('of the scorecard has the same sentence in its wide and in its narrow picture', () => {
    const html = renderToStaticMarkup(createElement(ScorecardChart, { points: days, words: 'Ours found 12 of 20.' }))
    expect(namesOf(html)).toEqual(['Ours found 12 of 20.', 'Ours found 12 of 20.'])
  })

  it('stacks the bars of a label, and its highest figure is at or above the highest bar', () => {
    const html = renderToStaticMarkup(createElement(BarChart, { ...chart, limits: [] }))
    const bars = [...html.matchAll(/ y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/g)].map(([, y, height]) => [
      Number(y),
      Number(height),
    ])
    const [lower = [], upper = []] = bars.slice(-2)
    expect((upper[0] ?? 0) + (upper[1] ?? 0)).toBeCloseTo(lower[0] ?? -1, 5)
    expect(html).toMatch(/<text class="tick"[^>]*>50<\/text>/)
  })

  it('has no inline style, which the content security policy forbids', () => {
    for (const Chart of [LineChart, BarChart])
      expect(renderToStaticMarkup(createElement(Chart, chart))).not.toContain('style=')
  })
})
