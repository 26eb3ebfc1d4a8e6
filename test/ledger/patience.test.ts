import { describe, expect, it } from '@jest/globals'
import { EMBEDDED_START_TRIES_MAX } from '../../config/limits.ts'
import type { DatabaseAddress } from '../../src/ledger/database.ts'
import { whileOwnersChange } from '../../src/ledger/patience.ts'

const EMBEDDED: DatabaseAddress = { kind: 'embedded', host: '/nowhere', port: 5432 }
const SERVER: DatabaseAddress = { kind: 'url', url: 'postgres://127.0.0.1:1/none' }
/** As pg words it when the process at the other end has gone. */
const gone = () => new Error('Connection terminated unexpectedly')

/** Work that fails so many times before it is done, and how often it was begun. */
function failing(times: number, error: Error) {
  const work = { begun: 0, run: async () => 'done' }
  work.run = async () => {
    work.begun += 1
    if (work.begun <= times) throw error
    return 'done'
  }
  return work
}

describe('what a process does at its start', () => {
  it('is done again when the owner of the embedded database ended meanwhile', async () => {
    const work = failing(2, gone())
    expect(await whileOwnersChange(EMBEDDED, work.run)).toBe('done')
    expect(work.begun).toBe(3)
  })

  it('is given up after a bound', async () => {
    const work = failing(100, gone())
    await expect(whileOwnersChange(EMBEDDED, work.run)).rejects.toThrow('Connection terminated')
    expect(work.begun).toBe(EMBEDDED_START_TRIES_MAX)
  })

  it.each([
    ['a fault of another kind', EMBEDDED, new Error('relation "papers" does not exist')],
    ['a server that went away', SERVER, gone()],
  ] as const)('is not repeated after %s', async (_what, address, error) => {
    const work = failing(1, error)
    await expect(whileOwnersChange(address, work.run)).rejects.toBe(error)
    expect(work.begun).toBe(1)
  })
})
