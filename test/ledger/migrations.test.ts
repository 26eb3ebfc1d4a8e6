import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { MIGRATIONS } from '../../src/ledger/migrations.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'

const FOLDER = join(PACKAGE_ROOT, 'src/ledger/migrations')

/** SHA-256 of each file. A new migration adds a line; no line is ever changed. */
const RELEASED: Readonly<Record<string, string>> = {
  '0001-initial.ts': '53b52f29bdea5a56198933bdcb1f5fff347d49ea60e4d8ac4734d6064f2e1892',
  '0001-initial/deliveries.ts': 'cccd6ce5f8e784f1625bd13d62ea214b12e91780894df3de58dd8d575aa72bfa',
  '0001-initial/operators.ts': 'bef3696e44052699c2e90c5f1d76b1ff8934b412733cc09a9eec409abde04530',
  '0001-initial/papers.ts': 'bc34c1fa7b23a853ac5558ef5d4c53df4dc86c1e290a24c3cc461026c7ed606f',
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
