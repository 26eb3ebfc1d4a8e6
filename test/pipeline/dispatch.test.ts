import { describe, expect, it } from '@jest/globals'
import { DISPATCH_PAGE_SUBSCRIBERS, DISPATCH_WINDOW_SUBSCRIBERS } from '../../config/limits.ts'
import { day } from '../../src/domain/day.ts'
import { type DispatchPageOptions, dispatch, type PageResult } from '../../src/pipeline/dispatch.ts'

const DAY = day('2026-11-24')

/** A ledger of `subscribers` due readers, whose deliveries settle when `settle` is called. */
function ledgerOf(subscribers: number, deferred = 0) {
  let open = deferred
  let most = 0
  return {
    settle: (count: number) => {
      open = Math.max(0, open - count)
    },
    most: () => most,
    countOpen: async () => ({ due: open - deferred, deferred }),
    writePage: async ({ after, subscribersMax }: DispatchPageOptions): Promise<PageResult> => {
      const written = Math.min(subscribersMax, subscribers - Number(after))
      open += written
      most = Math.max(most, open)
      const last = Number(after) + written
      return {
        kind: 'page',
        parcelIds: [`p${last}`],
        subscribers: written,
        after: String(last),
        more: last < subscribers,
      }
    },
  }
}

const deps = {
  wake: async () => 0,
  allocateQuota: async () => null,
  reread: async () => {},
  parcelSize: 100,
  newParcelId: () => 'p',
  clock: () => new Date('2026-11-24T06:00:00Z'),
}

describe('dispatching', () => {
  it('never has more than a window of readers open, however many there are', async () => {
    const ledger = ledgerOf(50_000)
    const jobs: string[] = []
    const result = await dispatch(
      DAY,
      { kind: 'everyone' },
      {
        ...deps,
        ...ledger,
        addSendJobs: async (ids) => void jobs.push(...ids),
        pause: async () => ledger.settle(1_000),
        waitForWindow: true,
      },
    )
    expect(result).toEqual({ kind: 'done', subscribers: 50_000, leftOut: 0 })
    expect(jobs).toHaveLength(50_000 / DISPATCH_PAGE_SUBSCRIBERS)
    expect(ledger.most()).toBeLessThanOrEqual(DISPATCH_WINDOW_SUBSCRIBERS)
  })

  it('goes on while a mail server defers more subscribers than the window holds', async () => {
    const ledger = ledgerOf(50_000, 2 * DISPATCH_WINDOW_SUBSCRIBERS)
    const everyone = { kind: 'everyone' } as const
    const order = {
      ...deps,
      ...ledger,
      addSendJobs: async () => {},
      pause: async () => ledger.settle(1_000),
      waitForWindow: true,
    }
    expect(await dispatch(DAY, everyone, order)).toMatchObject({ kind: 'done', subscribers: 50_000 })
  })

  it('comes back when the window is full and nobody empties it, instead of waiting for ever', async () => {
    const ledger = ledgerOf(50_000)
    let now = 0
    const waiting = {
      ...deps,
      ...ledger,
      addSendJobs: async () => {},
      clock: () => new Date(now),
      pause: async () => {
        now += 1_000
      },
    }
    expect(await dispatch(DAY, { kind: 'everyone' }, { ...waiting, waitForWindow: true })).toEqual({
      kind: 'more',
      subscribers: DISPATCH_WINDOW_SUBSCRIBERS,
    })
    expect(await dispatch(DAY, { kind: 'everyone' }, { ...waiting, waitForWindow: false })).toEqual({
      kind: 'more',
      subscribers: 0,
    })
  })

  it('stops at once for a paused edition', async () => {
    const held = async (): Promise<PageResult> => ({ kind: 'held', why: 'paused' })
    const result = await dispatch(
      DAY,
      { kind: 'everyone' },
      {
        ...deps,
        ...ledgerOf(10),
        writePage: held,
        addSendJobs: async () => {},
        pause: async () => {},
        waitForWindow: true,
      },
    )
    expect(result).toEqual({ kind: 'held', why: 'paused', subscribers: 0 })
  })
})
