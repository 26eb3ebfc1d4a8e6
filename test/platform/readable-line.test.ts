import { expect, it } from '@jest/globals'
import { pino } from 'pino'
import { readableLine } from '../../src/platform/log/readable-line.ts'

/** Returns what a logger writes, as a terminal shows it. */
function linesOf(log: (logger: pino.Logger) => void): string {
  const lines: string[] = []
  const timestamp = () => `,"time":${Date.UTC(2026, 10, 24, 6, 0, 5)}`
  log(pino({ base: { pid: 7 }, timestamp }, { write: (line: string) => void lines.push(readableLine(line)) }))
  return lines.join('')
}

it('is the time, the level, the message and the values', () => {
  expect(
    linesOf((log) => {
      log.error({ day: '2026-11-24', tries: 4 }, 'no source answered')
      log.warn('the queue is long')
    }),
  ).toBe('06:00:05 error: no source answered · day: 2026-11-24 · tries: 4\n06:00:05 warn: the queue is long\n')
})

it('leaves a line as it is that is not JSON', () => {
  expect(readableLine('(node:7) Warning\n')).toBe('(node:7) Warning\n')
})
