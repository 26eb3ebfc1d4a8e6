import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach } from '@jest/globals'
import { type ImportOptions, importFile } from '../../src/cli/subscribers/import.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { isPresent, openInstallation, openTestApp } from './app.ts'
import { commandContext } from './command.ts'
import { emptyTables } from './databases/empty-tables.ts'

export const IMPORTED_AT = new Date('2026-11-24T06:00:00Z')
const EXPORTS = join(PACKAGE_ROOT, 'test/subscriptions/csv/exports')

/** Opens one installation for the tests of a file, and empties its lists before each. Returns what the tests of imports need. */
export async function openImports() {
  const dir = mkdtempSync(join(tmpdir(), 'import-'))
  const place = await openInstallation(isPresent('PostgreSQL') ? 'PostgreSQL' : 'embedded')
  const app = await openTestApp(place, () => IMPORTED_AT)
  afterAll(async () => {
    await app.close()
    await place.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const empty = () =>
    emptyTables(app.ledger.pool, 'subscribers, suppressions, transactional_emails, confirmations, events, consents')
  beforeEach(empty)

  const rowsOf = async (query: string, values: unknown[] = []) => (await app.ledger.pool.query(query, values)).rows

  return {
    app,
    place,
    dir,
    empty,
    rowsOf,

    /** Imports a text or one of the exports in test/subscriptions/csv/exports. Returns the exit code and the output. */
    run: async (source: { file: string } | { text: string | Buffer }, options: ImportOptions = {}) => {
      const path = join(dir, 'file' in source ? source.file : 'list.csv')
      writeFileSync(path, 'file' in source ? readFileSync(join(EXPORTS, source.file)) : source.text)
      const context = commandContext(place, () => IMPORTED_AT)
      const code = await importFile(path, options, context)
      return { code, output: context.said.join('\n'), rejected: () => readFileSync(`${path}.rejected.csv`, 'utf8') }
    },

    /** Returns the state of each address by its name, or `suppressed: reason` if only its hash is stored. */
    states: async (): Promise<Record<string, string>> => {
      const found: Record<string, string> = {}
      for (const { email, state } of await rowsOf('select email, state from subscribers'))
        found[email.split('@')[0]] = state
      const hashes = new Map(
        (await rowsOf('select address_hash, reason from suppressions')).map((row) => [row.address_hash, row.reason]),
      )
      for (const name of ['ada', 'ben', 'cleo', 'dora', 'emil', 'fay', 'gus', 'hal']) {
        const reason = hashes.get(app.ledger.tokens.hashAddress(`${name}@example.org`))
        if (reason !== undefined) found[name] = `suppressed: ${reason}`
      }
      return found
    },

    /** Returns all rows of the tables that an import writes. */
    ledgerRows: async () => {
      const tables = [
        'subscribers',
        'suppressions',
        'events',
        'transactional_emails',
        'confirmations',
        'consents',
        'audit',
      ]
      const existing = await rowsOf("select table_name from information_schema.tables where table_schema = 'public'")
      const names = tables.filter((table) => existing.some((row) => row.table_name === table))
      return Promise.all(names.map((table) => rowsOf(`select * from ${table} order by 1`)))
    },
  }
}

/** Returns the lines with counts, which are the same in the output of a dry run and of an import. */
export function countsOf(output: string) {
  return output.replace(/ would be added/, ' added').match(/^\d+ (added|left out).*$|^By .*$/gm)
}
