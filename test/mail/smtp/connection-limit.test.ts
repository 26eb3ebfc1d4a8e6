import { describe, expect, it } from '@jest/globals'
import { connectionLimit } from '../../../src/mail/smtp/connection-limit.ts'

describe('how many connections a process may have', () => {
  let now = 0
  const limitOf = (max: number) => connectionLimit({ max, growMs: 1_000, clock: () => now })

  it('is halved once by each round of refusals, and is never below one', () => {
    const limit = limitOf(10)
    const allowed: number[] = []
    for (let rounds = 0; rounds < 5; rounds += 1) {
      const round = limit.round()
      for (let refusals = 0; refusals < 3; refusals += 1) limit.refused(round, 0)
      allowed.push(limit.allowed())
    }
    expect(allowed).toEqual([5, 2, 1, 1, 1])
  })

  it('is never below the connections that the server has admitted', () => {
    const limit = limitOf(10)
    limit.refused(limit.round(), 7)
    expect(limit.allowed()).toBe(7)
    limit.refused(limit.round(), 0)
    limit.opened(4)
    expect(limit.allowed()).toBe(4)
  })

  it('grows by one in each period without a refusal, up to the maximum', () => {
    now = 50_000
    const limit = limitOf(4)
    limit.refused(limit.round(), 0)
    const seen = [999, 1, 500, 500, 60_000].map((ms) => {
      now += ms
      return limit.allowed()
    })
    expect(seen).toEqual([2, 3, 3, 4, 4])
    expect(limit.isReduced()).toBe(false)
  })
})
