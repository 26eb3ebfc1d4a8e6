import { describe, expect, it } from '@jest/globals'
import { bindDatabase } from '../../../src/ledger/connection/bind-database.ts'
import type { Database } from '../../../src/ledger/schema/database.ts'

const DB = { name: 'a database' } as unknown as Database

/** A query that loses its connection at the first call. */
function aQuery() {
  let calls = 0
  return async (db: Database, id: string) => {
    calls += 1
    if (calls === 1) throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
    return [db, id, calls]
  }
}

describe('a store', () => {
  it('passes its database to each function, and leaves out other exports', async () => {
    const store = bindDatabase(DB, { find: async (db: Database, id: string) => [db, id], LIMIT: 7 })
    expect(await store.find('7')).toEqual([DB, '7'])
    expect(Object.keys(store)).toEqual(['find'])
  })

  it('repeats a retried function when the connection is lost during the call, and no other function', async () => {
    const store = bindDatabase(DB, { save: aQuery(), add: aQuery() }, { retried: ['save'] })
    expect(await store.save('7')).toEqual([DB, '7', 2])
    await expect(store.add('7')).rejects.toThrow('ECONNRESET')
  })
})
