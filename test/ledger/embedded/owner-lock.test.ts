import { cpSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { openPool } from '../../../src/ledger/connection/database.ts'
import { openEmbedded } from '../../../src/ledger/embedded/embedded.ts'
import { takeOwnership } from '../../../src/ledger/embedded/owner-lock.ts'
import { putEmbedded } from '../../support/servers/embedded.ts'
import { until } from '../../support/until.ts'

const dirs: string[] = []
const folder = () => {
  const dir = mkdtempSync(join(tmpdir(), 'owner-'))
  dirs.push(dir)
  return dir
}
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true })
})

describe('the data folder', () => {
  it('has one owner: a second process gets it only after the first releases it', () => {
    const dir = folder()
    const first = takeOwnership(dir)
    expect(first).not.toBeNull()
    expect(takeOwnership(dir)).toBeNull()
    first?.release()
    const second = takeOwnership(dir)
    expect(second).not.toBeNull()
    second?.release()
  })

  it('is taken over from a process that died, also if another process has its pid', () => {
    const dir = folder()
    const died = { token: 'a', host: hostname(), pid: 2 ** 22 + 1, started: '1' }
    const reused = { token: 'b', host: hostname(), pid: process.pid, started: 'long before this process' }
    for (const claim of [died, reused]) {
      writeFileSync(join(dir, 'owner.7'), JSON.stringify(claim))
      const owner = takeOwnership(dir)
      expect(owner).not.toBeNull()
      owner?.release()
      for (const name of readdirSync(dir)) rmSync(join(dir, name))
    }
  })

  it('can be owned as a copy while the owner of the original lives', () => {
    const dir = folder()
    const owner = takeOwnership(dir)
    const copy = folder()
    cpSync(dir, copy, { recursive: true })
    const second = takeOwnership(copy)
    expect(second).not.toBeNull()
    expect(takeOwnership(dir)).toBeNull()
    second?.release()
    owner?.release()
  })

  it('is not taken over while an owner on another host has a heartbeat', () => {
    const dir = folder()
    writeFileSync(join(dir, 'owner.3'), JSON.stringify({ token: 'c', host: 'elsewhere', pid: 1, started: '1' }))
    expect(takeOwnership(dir)).toBeNull()
  })

  it.each(['', '{"host":"', 'null', '{}'])(
    'is not taken over while an owner whose file contains %j has a heartbeat',
    (text) => {
      const dir = folder()
      writeFileSync(join(dir, 'owner.3'), text)
      expect(takeOwnership(dir)).toBeNull()
      const longAgo = new Date(Date.now() - 3_600_000)
      utimesSync(join(dir, 'owner.3'), longAgo, longAgo)
      const next = takeOwnership(dir)
      expect(next).not.toBeNull()
      next?.release()
    },
  )

  it('serves every process that opens it, and is taken over when its owner closes', async () => {
    const dir = folder()
    await putEmbedded(dir)
    const owner = await openEmbedded(dir)
    const guest = await openEmbedded(dir)
    const pool = openPool(guest.address)
    await pool.query('create table kept (n int); insert into kept values (7)')
    await owner.close()
    // An idle connection may fail once at its next query. The query after that is served by the guest.
    const rows: unknown[] = []
    await until('the guest serves', () =>
      pool.query('select n from kept').then(
        ({ rows: got }) => rows.push(...got) > 0,
        () => false,
      ),
    )
    expect(rows).toEqual([{ n: 7 }])
    await pool.end()
    await guest.close()
  })

  it('is released at once, even while clients are connecting', async () => {
    const dir = folder()
    await putEmbedded(dir)
    for (let turns = 0; turns < 6; turns += 1) {
      const owner = await openEmbedded(dir)
      const greeting = connect(join(dir, 'socket/.s.PGSQL.5432'))
      greeting.on('error', () => {})
      greeting.on('connect', () => greeting.write(GREETING))
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      await owner.close()
      greeting.destroy()
    }
  }, 300_000)
})

/** The first message of a client: its length, the protocol version, its user (PostgreSQL protocol, §55.2.1). */
const GREETING = Buffer.from('\0\0\0\x17\0\x03\0\0user\0postgres\0\0', 'latin1')
