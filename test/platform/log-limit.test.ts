import { describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { createLogLimit } from '../../src/platform/log/log-limit.ts'

/** A log with a fake clock. `pass` advances the clock and runs the callbacks that are due. */
function openLog() {
  let now = 0
  let timers: { at: number; work: () => void }[] = []
  const lines: Record<string, unknown>[] = []
  const limit = createLogLimit(
    () => new Date(now),
    (ms, work) => void timers.push({ at: now + ms, work }),
  )
  const log = pino(
    { level: 'info', base: null, timestamp: false, hooks: { logMethod: limit.logMethod } },
    { write: (line: string) => void lines.push(JSON.parse(line)) },
  )
  const pass = (ms: number) => {
    now += ms
    const due = timers.filter(({ at }) => at <= now)
    timers = timers.filter(({ at }) => at > now)
    for (const { work } of due) work()
  }
  const leftOut = () => lines.reduce((sum, line) => sum + Number(line.leftOut ?? 0), 0)
  return { log, lines, pass, leftOut, flush: limit.flush }
}

describe('a warning that repeats itself', () => {
  it('has one line a minute while a server is down, and the last says how many were left out', () => {
    const { log, lines, pass, leftOut } = openLog()
    const events = 35_305
    for (let event = 0; event < events; event += 1) {
      log.warn({ reason: `connect ECONNREFUSED 127.0.0.1:${30_000 + (event % 7)}` }, 'send queue')
      pass(200_000 / events)
    }
    expect(lines).toHaveLength(4)
    pass(60_000)
    expect(lines).toHaveLength(5)
    expect(lines.at(-1)).toMatchObject({ msg: 'send queue', leftOut: expect.any(Number) })
    expect(lines.length + leftOut()).toBe(events)
    pass(600_000)
    expect(lines).toHaveLength(5)
  })

  it('hides no other: each message and each reason is a kind of its own', () => {
    const { log, lines } = openLog()
    for (let times = 0; times < 3; times += 1) {
      log.warn({ reason: 'no answer within 10 s' }, 'send queue')
      log.warn({ reason: 'no answer within 10 s' }, 'dispatch queue')
      log.warn({ reason: 'permission denied' }, 'send queue')
      log.error({ reason: 'permission denied' }, 'send queue')
      log.info({ reason: 'permission denied' }, 'send queue')
    }
    expect(lines).toHaveLength(4 + 3)
  })

  it('writes at the end of the process how many lines were left out', () => {
    const { log, lines, flush } = openLog()
    for (let times = 0; times < 10; times += 1) log.warn({ reason: `job ${times}` }, 'send queue')
    flush()
    expect(lines.map((line) => [line.reason, line.leftOut])).toEqual([
      ['job 0', undefined],
      ['job 9', 8],
    ])
  })

  it('has its count written even when another kind started a moment earlier', () => {
    const { log, lines, pass } = openLog()
    const twice = (message: string) => [log.warn(message), log.warn(message)]
    twice('one')
    pass(30_000)
    twice('other')
    pass(30_000)
    pass(60_000)
    expect(lines.map(({ msg }) => msg)).toEqual(['one', 'other', 'one', 'other'])
  })

  it('is bounded when every line is of another kind', () => {
    const { log, lines, pass, leftOut } = openLog()
    const word = (index: number) => index.toString(26).replaceAll(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)] ?? '')
    for (let line = 0; line < 5_000; line += 1) log.warn(`fault ${word(line)}`)
    expect(lines.length).toBeLessThanOrEqual(201)
    pass(60_000)
    expect(lines.length + leftOut()).toBe(5_000)
  })
})
