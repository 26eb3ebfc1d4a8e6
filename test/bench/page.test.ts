import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { PERFORMANCE_PAGE, renewPage } from '../../bench/page.ts'
import type { Report, Row } from '../../bench/report.ts'
import { keepResults, type OtherReport, type Result, readResults } from '../../bench/results.ts'
import type { DispatchReport, MorningRow } from '../../bench/sending/dispatching.ts'
import { SENDING_WAYS } from '../../bench/sending/resend.ts'
import { SMTP_WAYS } from '../../bench/sending/smtp.ts'
import { figureTable } from '../../bench/wanted.ts'

const machine = { cores: 2, model: 'a processor', node: 'v20.0.0', load: 0, date: '2026-11-29', commit: 'abc1234' }

/** Returns a report of one way, against which Paperround is this many times as fast. */
function speedOf(bench: string, name: string, paperroundTimes: number, sink = 'ours'): Report {
  const cpuMicros = { own: 90, redis: 1, postgres: 50, sink: 20 }
  const row: Row = {
    ...{ name, messagesPerSecond: 1_000, low: 900, high: 1_100, ofReference: 1, paperroundTimes, messageBytes: 54_000 },
    ...{ cpuMicros, peakMegabytes: 100, firstMs: null },
  }
  return { kind: 'speed', bench, settings: { sink }, machine, reference: name, rows: [row] }
}

function morningOf(...rows: readonly Partial<MorningRow>[]): DispatchReport {
  return { kind: 'dispatch', bench: 'dispatch', settings: {}, machine, rows: rows as MorningRow[] }
}

function otherOf(bench: string, figures: OtherReport['figures']): OtherReport {
  return { kind: 'other', bench, settings: {}, machine, figures }
}

/** Returns the words after the name of each figure. */
function judged(...results: readonly Result[]): Record<string, string> {
  const lines = figureTable(results).trim().split('\n').slice(1)
  return Object.fromEntries(
    lines.map((line) => line.split(/ {2,}/)).map(([name = '', ...rest]) => [name, rest.join(' ')]),
  )
}

describe('the table of wanted figures', () => {
  it('says which speed is reached and which is missed, with the ratio to what is wanted', () => {
    expect(judged(speedOf('sending', SENDING_WAYS.client, 2.5), speedOf('smtp', SMTP_WAYS.ready, 0.4))).toEqual({
      'Resend path : Resend’s client, fixed bytes': '2.5 ≥ 2.5 1.00 reached',
      'SMTP path : nodemailer’s pool, ready MIME': '0.4 ≥ 0.8 0.50 MISSED',
    })
  })

  it('judges the SMTP path by the faster of two sinks', () => {
    const results = [speedOf('smtp', SMTP_WAYS.loop, 1, 'smtp-sink'), speedOf('smtp', SMTP_WAYS.loop, 3, 'ours')]
    expect(judged(...results)).toEqual({ 'SMTP path : sendMail in a loop': '3 ≥ 3 1.00 reached' })
  })

  it('misses a figure that is above its most', () => {
    expect(judged(otherOf('import', { ratio: 0.6, peakMegabytes: 300 }))).toEqual({
      'import : COPY': '0.6 ≥ 0.5 1.20 reached',
      'import, memory': '300 MB ≤ 200 MB 1.50 MISSED',
    })
  })

  it('judges a million subscribers by a million, and their memory by a tenth of them', () => {
    const small = { subscribers: 100_000, workerPeakMegabytes: 200, redisPeakMegabytes: 1 }
    const large = { firstMailMs: 2_000, totalSeconds: 400, ledgerBytesPerDelivery: 500, workerPeakMegabytes: 230 }
    expect(judged(morningOf(small))).toEqual({})
    expect(judged(morningOf(small, { subscribers: 1_000_000, ...large, redisPeakMegabytes: 1.1 }))).toEqual({
      '1,000,000 subscribers: first mail': '2 s ≤ 5 s 0.40 reached',
      '1,000,000 subscribers: last mail': '400 s ≤ 360 s 1.11 MISSED',
      '1,000,000 subscribers: ledger a delivery': '500 bytes ≤ 500 bytes 1.00 reached',
      '1,000,000 : 100,000, worker’s memory': '1.15 ≤ 1.1 1.05 MISSED',
      '1,000,000 : 100,000, queue’s memory': '1.1 ≤ 1.1 1.00 reached',
    })
  })
})

describe('docs/PERFORMANCE.md', () => {
  it('has the tables of bench/results.json: `npm run bench:page` renews it', () => {
    const page = readFileSync(PERFORMANCE_PAGE, 'utf8')
    expect(page.match(/<!-- bench:\w+ -->/g)).toHaveLength(4)
    expect(renewPage(page, readResults())).toBe(page)
  })

  it('keeps the results of a bench that did not run again', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'results-')), 'results.json')
    const [first, second] = [speedOf('smtp', SMTP_WAYS.ready, 0.1), speedOf('smtp', SMTP_WAYS.ready, 0.9)]
    keepResults(file, [first, otherOf('import', { ratio: 0.5 })])
    keepResults(file, [second])
    expect(readResults(file)).toEqual([otherOf('import', { ratio: 0.5 }), second])
  })
})
