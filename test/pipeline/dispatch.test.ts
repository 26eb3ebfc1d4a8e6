import { describe, expect, it } from '@jest/globals'
import { DISPATCH_PAGE_SUBSCRIBERS, DISPATCH_WINDOW_SUBSCRIBERS } from '../../config/limits.ts'
import { day } from '../../src/domain/day.ts'
import { type DispatchPages, dispatch } from '../../src/pipeline/dispatch.ts'
import { aDispatch } from '../support/pipeline/dispatching.ts'

const DAY = day('2026-11-24')

/** A ledger in which `due` subscribers are due. `settle` finishes some of the deliveries that were written. */
function aLedger(due: number, deferred = 0) {
  let open = deferred
  let most = 0
  const dispatches: DispatchPages = {
    ...aDispatch().dispatches,
    countOpen: async () => ({ due: open - deferred, deferred }),
    async writePage({ after, subscribersMax }) {
      const written = Math.min(subscribersMax, due - Number(after))
      open += written
      most = Math.max(most, open)
      const last = Number(after) + written
      return { kind: 'page', parcelIds: [`p${last}`], subscribers: written, after: String(last), more: last < due }
    },
  }
  const settle = (count: number) => {
    open = Math.max(0, open - count)
  }
  return { dispatches, settle, most: () => most }
}

const EVERYONE = { kind: 'everyone' } as const

describe('dispatching', () => {
  it('never has more than a window of subscribers open, however many there are', async () => {
    const { dispatches, settle, most } = aLedger(50_000)
    const jobs: unknown[] = []
    const queues = { add: async (_name: string, added: readonly unknown[]) => void jobs.push(...added) }
    const deps = aDispatch({ dispatches, queues, pause: async () => settle(1_000), waitForWindow: true })
    expect(await dispatch(DAY, EVERYONE, deps)).toEqual({ kind: 'done', subscribers: 50_000, leftOut: 0 })
    expect(jobs).toHaveLength(50_000 / DISPATCH_PAGE_SUBSCRIBERS)
    expect(most()).toBeLessThanOrEqual(DISPATCH_WINDOW_SUBSCRIBERS)
  })

  it('goes on while a mail server defers more subscribers than the window holds', async () => {
    const { dispatches, settle } = aLedger(50_000, 2 * DISPATCH_WINDOW_SUBSCRIBERS)
    const deps = aDispatch({ dispatches, pause: async () => settle(1_000), waitForWindow: true })
    expect(await dispatch(DAY, EVERYONE, deps)).toMatchObject({ kind: 'done', subscribers: 50_000 })
  })

  it('returns when the window is full and no worker empties it', async () => {
    const { dispatches } = aLedger(50_000)
    let now = 0
    const pause = async () => {
      now += 1_000
    }
    const waiting = { dispatches, clock: () => new Date(now), pause }
    expect(await dispatch(DAY, EVERYONE, aDispatch({ ...waiting, waitForWindow: true }))).toEqual({
      kind: 'more',
      subscribers: DISPATCH_WINDOW_SUBSCRIBERS,
    })
    expect(await dispatch(DAY, EVERYONE, aDispatch({ ...waiting, waitForWindow: false }))).toEqual({
      kind: 'more',
      subscribers: 0,
    })
  })

  it('stops at once for a paused edition', async () => {
    const dispatches: DispatchPages = {
      ...aLedger(10).dispatches,
      writePage: async () => ({ kind: 'held', why: 'paused' }),
    }
    expect(await dispatch(DAY, EVERYONE, aDispatch({ dispatches }))).toEqual({
      kind: 'held',
      why: 'paused',
      subscribers: 0,
    })
  })
})
