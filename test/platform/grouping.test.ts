import { describe, expect, it } from '@jest/globals'
import { grouped, shared } from '../../src/platform/grouping.ts'

/** A run that waits for its turn, and the groups that it got. */
function heldRun() {
  const groups: (readonly number[])[] = []
  const held: (() => void)[] = []
  const run = async (items: readonly number[]) => {
    groups.push(items)
    await new Promise<void>((resolve) => held.push(resolve))
    return items.map((item) => item * 10)
  }
  return { groups, run, goOn: () => held.shift()?.(), turn: () => new Promise((resolve) => setImmediate(resolve)) }
}

describe('grouped calls', () => {
  it('wait for the running group and form the next one, in order and within the limit', async () => {
    const { groups, run, goOn, turn } = heldRun()
    const call = grouped(run, { max: 3 })
    const first = [call(1), call(2)]
    await turn()
    const later = [3, 4, 5, 6].map(call)
    goOn()
    expect(await Promise.all(first)).toEqual([10, 20])
    await turn()
    goOn()
    await turn()
    goOn()
    expect(await Promise.all(later)).toEqual([30, 40, 50, 60])
    expect(groups).toEqual([[1, 2], [3, 4, 5], [6]])
  })

  it('with different keys are never in one group', async () => {
    const groups: (readonly number[])[] = []
    const call = grouped(
      async (items: readonly number[]) => {
        groups.push(items)
        return items
      },
      { max: 10, keyOf: (item) => String(item % 2) },
    )
    expect(await Promise.all([1, 2, 3, 4].map(call))).toEqual([1, 2, 3, 4])
    expect(groups).toEqual([
      [1, 3],
      [2, 4],
    ])
  })

  it('do not fail because of one bad call', async () => {
    const run = async (items: readonly number[]) => {
      if (items.includes(2)) throw new Error('2 is bad')
      return items
    }
    const call = grouped(run, { max: 10, retriesAlone: true })
    expect(await Promise.allSettled([1, 2, 3].map(call))).toMatchObject([
      { value: 1 },
      { reason: { message: '2 is bad' } },
      { value: 3 },
    ])
  })

  it('begin at once when nothing ran lately, and when a group is full', async () => {
    const call = grouped(async (items: readonly number[]) => items, { max: 2, everyMs: 60_000 })
    expect(await call(1)).toBe(1)
    expect(await Promise.all([call(2), call(3)])).toEqual([2, 3])
  })
})

describe('a shared load', () => {
  it('is one for all that ask at the same time, and is made again for those that ask later', async () => {
    let loads = 0
    const load = shared(async () => {
      loads += 1
      return loads
    })
    expect(await Promise.all([load(), load(), load()])).toEqual([1, 1, 1])
    expect(await load()).toBe(2)
  })
})
