import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { MIGRATIONS } from '../../src/ledger/migrations.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'

const FOLDER = join(PACKAGE_ROOT, 'src/ledger/migrations')

/** SHA-256 of each file. A new migration adds a line; no line is ever changed. */
const RELEASED: Readonly<Record<string, string>> = {
  '0001-initial.ts': 'f1b854c5422c3f01c57eba92660fe0097131db61ee751d6e2213bfef506143e8',
  '0001-initial/deliveries.ts': 'f5f4c0a6ccb4ca95962e7ed78875c680543f1c3e3a0ac248856cbe6eb484739d',
  '0001-initial/operators.ts': 'e97e24a8db24f9dd2879ff0821737b62906f1395369eebe1fc1d51baea14791d',
  '0001-initial/papers.ts': '5eaafe46762a37a5aa19fe5db105279fa8bf8c8a9b5e1eb0a008e304843b6649',
  '0001-initial/segments.ts': 'b3aa232a72c5863e05565b0859b5cdfb936abaa2ddd271ab3bdf1f5fa060d516',
  '0001-initial/subscribers.ts': 'eddb708765aae4ab27a15ecdd4e6a5f8f68651f86f5a45affa9a0d8c6199c101',
}

const found = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts'))
  .sort()
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8')

it('changes no migration after its release', () => {
  const changed = Object.entries(RELEASED)
    .filter(([name, hash]) => !found.includes(name) || createHash('sha256').update(read(name)).digest('hex') !== hash)
    .map(([name]) => `${name} was changed after its release: restore it, and add a new migration instead`)
  expect(changed).toEqual([])
  const missing = found.filter((name) => RELEASED[name] === undefined)
  expect(missing.map((name) => `${name} is new: add its SHA-256 to this test`)).toEqual([])
})

it('lists every migration in the order of the names', () => {
  expect(Object.keys(MIGRATIONS)).toEqual(found.filter((name) => !name.includes('/')).map((name) => name.slice(0, -3)))
})

it('imports nothing into a migration but kysely and the parts of the migration', () => {
  const imports = found.flatMap((name) => [...read(name).matchAll(/ from '(.+)'/g)].map((match) => match[1] ?? ''))
  expect(imports.filter((path) => path !== 'kysely' && !/^\.\/\d{4}-/.test(path))).toEqual([])
})
