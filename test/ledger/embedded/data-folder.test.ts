import { createHash } from 'node:crypto'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { EMBEDDED_POSTGRES_MAJOR, openDataFolder } from '../../../src/ledger/embedded/data-folder.ts'
import { openEmbedded } from '../../../src/ledger/embedded/embedded.ts'
import { runCommand } from '../../support/command.ts'
import { putEmbedded } from '../../support/servers/embedded.ts'

let dir = ''
const db = (...names: string[]) => join(dir, 'db', ...names)
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'data-folder-'))
  await putEmbedded(dir)
}, 120_000)
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** Returns every path below a folder with a hash of its content. */
function contentOf(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort()
  return Object.fromEntries(
    names.map((name) => {
      const at = join(path, name)
      return [name, statSync(at).isFile() ? createHash('sha256').update(readFileSync(at)).digest('hex') : 'folder']
    }),
  )
}

/** Opens the folder with a PGlite that must not be called. Returns the error message. */
function refusalOf(path: string): Promise<string> {
  return openDataFolder(path, () => {
    throw new Error('PGlite was called')
  }).then(
    () => 'opened',
    (error: Error) => error.message,
  )
}

/** Damages the database while `work` runs. */
async function whileDamaged<T>(damage: () => () => void, work: () => Promise<T>): Promise<T> {
  const reset = damage()
  return work().finally(reset)
}

const without = (name: string) => () => {
  renameSync(db(name), join(dir, 'away'))
  return () => renameSync(join(dir, 'away'), db(name))
}
const cutTo = (bytes: number, name: () => string) => () => {
  const whole = readFileSync(db(name()))
  truncateSync(db(name()), bytes)
  return () => writeFileSync(db(name()), whole)
}
const firstIn = (folder: string, pattern: RegExp) => () =>
  join(folder, readdirSync(db(folder)).find((name) => pattern.test(name)) ?? '')
const emptied = (folder: string) => () => {
  renameSync(db(folder), join(dir, 'away'))
  mkdirSync(db(folder))
  return () => {
    rmSync(db(folder), { recursive: true })
    renameSync(join(dir, 'away'), db(folder))
  }
}

describe('a database folder that is not whole', () => {
  it.each<[string, () => () => void, string]>([
    ['without PG_VERSION', without('PG_VERSION'), 'it has files, but no PG_VERSION'],
    ['with an empty PG_VERSION', cutTo(0, () => 'PG_VERSION'), 'its PG_VERSION is empty'],
    ['without global', without('global'), 'its folder global is missing'],
    ['without base', without('base'), 'its folder base is missing'],
    ['with an empty base', emptied('base'), 'its folder base is empty'],
    ['without pg_wal', without('pg_wal'), 'its folder pg_wal is missing'],
    ['without an empty folder', without('pg_notify'), 'its folder pg_notify is missing'],
    ['with an empty pg_xact', emptied('pg_xact'), 'its folder pg_xact is empty'],
    ['without pg_control', without('global/pg_control'), 'its global/pg_control is missing or cut off'],
    ['with an empty pg_control', cutTo(0, () => 'global/pg_control'), 'its global/pg_control is missing or cut off'],
    ['with half of pg_control', cutTo(4_096, () => 'global/pg_control'), 'pg_control is missing or cut off'],
    ['with an empty log', cutTo(0, firstIn('pg_wal', /^0/)), 'is missing or empty'],
    ['with an empty catalogue', cutTo(0, () => 'base/5/1259'), 'its base/5/1259 is missing or empty'],
    ['with half a table', cutTo(8_000, () => 'base/5/1255'), 'its base/5/1255 is cut off'],
  ])('%s is refused before PGlite opens it, and is not changed', async (_what, damage, words) => {
    await whileDamaged(damage, async () => {
      const before = readdirSync(db(), { recursive: true }).length
      expect(await refusalOf(db())).toMatch(
        new RegExp(
          `^The embedded database in .* is not whole: .*${words}.* Restore the folder from a backup, or move it`,
        ),
      )
      expect(readdirSync(db(), { recursive: true })).toHaveLength(before)
    })
    expect(await refusalOf(db())).toContain('PGlite was called')
  })

  it.each<[string, (path: string) => void, string]>([
    ['a file', (path) => writeFileSync(path, 'x'), 'it is a file and no folder'],
    ['a link to nowhere', (path) => symlinkSync('/nowhere/at/all', path), 'it is a link to a folder that does not'],
    ['a disk of its own', (path) => mkdirSync(join(path, 'lost+found'), { recursive: true }), 'mount that at DATA_DIR'],
    ['of another PostgreSQL', (path) => otherVersion(path), 'it is of PostgreSQL 12'],
  ])('%s is refused', async (_what, put, words) => {
    const path = join(mkdtempSync(join(dir, 'other-')), 'db')
    put(path)
    expect(await refusalOf(path)).toContain(words)
  })

  it('is not changed by a command, which ends with one sentence, nor by a second attempt', async () => {
    await whileDamaged(without('PG_VERSION'), async () => {
      const before = contentOf(db())
      for (let tries = 0; tries < 2; tries += 1) {
        const { code, out, err } = await runCommand(['status'], { DATA_DIR: dir }, dir)
        expect({ code, out, lines: err.trim().split('\n').length }).toEqual({ code: 1, out: '', lines: 1 })
        expect(err).toContain('it has files, but no PG_VERSION. Nothing was changed. Restore the folder from a backup')
      }
      expect(contentOf(db())).toEqual(before)
    })
  }, 60_000)

  it('ends a command with a sentence, and the process with it, if only PostgreSQL finds the damage', async () => {
    const own = mkdtempSync(join(dir, 'damaged-'))
    cpSync(db(), join(own, 'db'), { recursive: true })
    for (const name of readdirSync(join(own, 'db/base')))
      writeFileSync(join(own, 'db/base', name, '1259'), Buffer.alloc(8_192, 'damage'))
    const { code, out, err } = await runCommand(['status'], { DATA_DIR: own }, own)
    expect({ code, out, lines: err.trim().split('\n').length }).toEqual({ code: 1, out: '', lines: 1 })
    expect(err).toMatch(/cannot be opened: PostgreSQL stopped while it read the files .*Restore the folder/)
  }, 60_000)
})

function otherVersion(path: string): void {
  mkdirSync(path)
  writeFileSync(join(path, 'PG_VERSION'), '12\n')
}

describe('a database folder that is whole', () => {
  it('has the version of the PostgreSQL that PGlite is built from', () => {
    expect(readFileSync(db('PG_VERSION'), 'utf8').trim()).toBe(EMBEDDED_POSTGRES_MAJOR)
  })

  it('is created atomically: a killed process leaves no database', async () => {
    const path = join(mkdtempSync(join(dir, 'new-')), 'db')
    // The process dies while PGlite writes the folder.
    const dying = openDataFolder(path, async (draft) => {
      cpSync(db('global'), join(draft, 'global'), { recursive: true })
      throw new Error('killed')
    })
    await expect(dying).rejects.toThrow('killed')
    expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined()
    // The next process creates a new one, also in an empty folder.
    mkdirSync(path)
    const opened: string[] = []
    await openDataFolder(path, async (at) => {
      cpSync(db(), at, { recursive: true })
      opened.push(at)
      return { close: async () => {} } as never
    })
    expect(opened).toEqual([`${path}.new`, path])
    expect(await refusalOf(path)).toContain('PGlite was called')
  })

  it('is released by a process that could not open it', async () => {
    const own = mkdtempSync(join(dir, 'let-go-'))
    writeFileSync(join(own, 'db'), 'x')
    for (let tries = 0; tries < 2; tries += 1) await expect(openEmbedded(own)).rejects.toThrow('it is a file')
  })
})
