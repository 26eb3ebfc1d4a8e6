import { describe, expect, it } from '@jest/globals'
import { createLane } from '../../src/platform/lane.ts'

/** Work that ends when the test calls `finish`. */
function held() {
  const order: string[] = []
  const ends = new Map<string, () => void>()
  const work = (name: string) => () =>
    new Promise<string>((resolve) => {
      order.push(name)
      ends.set(name, () => resolve(name))
    })
  const end = async (name: string) => {
    ends.get(name)?.()
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
  }
  return { order, work, end }
}

describe('a lane', () => {
  it('limits the concurrency, and runs waiting work of the lowest rank first', async () => {
    const { order, work, end } = held()
    const lane = createLane({ concurrency: 1, waitingMax: 5 })
    const first = lane.run(9, work('first'))
    for (const [name, rank] of [
      ['b', 2],
      ['c', 2],
      ['a', 1],
    ] as const)
      void lane.run(rank, work(name))
    expect(order).toEqual(['first'])
    await end('first')
    expect(await first).toEqual({ kind: 'done', value: 'first' })
    await end('a')
    await end('b')
    expect(order).toEqual(['first', 'a', 'b', 'c'])
  })

  it('rejects new work when the queue is full, unless work of a higher rank waits', async () => {
    const { order, work, end } = held()
    const lane = createLane({ concurrency: 1, waitingMax: 2 })
    void lane.run(0, work('running'))
    const [low, high] = [lane.run(1, work('low')), lane.run(5, work('high'))]
    expect(await lane.run(5, work('late'))).toEqual({ kind: 'full' })
    const good = lane.run(0, work('good'))
    expect(await high).toEqual({ kind: 'full' })
    expect(lane.waiting).toBe(2)
    await end('running')
    await end('good')
    await end('low')
    expect([await good, await low]).toEqual([
      { kind: 'done', value: 'good' },
      { kind: 'done', value: 'low' },
    ])
    expect(order).toEqual(['running', 'good', 'low'])
  })

  it('continues after failed work', async () => {
    const lane = createLane({ concurrency: 1, waitingMax: 1 })
    await expect(lane.run(0, () => Promise.reject(new Error('lost')))).rejects.toThrow('lost')
    expect(await lane.run(0, async () => 1)).toEqual({ kind: 'done', value: 1 })
  })
})
