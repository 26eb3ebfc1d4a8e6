import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { DELIVERY_STATES, statesBefore } from '../src/domain/delivery.ts'
import { PACKAGE_ROOT } from '../src/platform/paths.ts'

const FOLDERS = ['src', 'workers', 'config', 'templates', 'bench', 'chaos', 'test', 'scripts', 'deploy']
const page = read('ARCHITECTURE.md')
const pictures = [...page.matchAll(/^```mermaid\n([\s\S]*?)^```/gm)].map(([, picture = '']) => picture)

/** The rooms of the dependency rule from the entry points down, without those outside the house. */
function roomsOfTheRule(): string[] {
  const rule = read('.dependency-cruiser.js')
  const [, list = ''] = /const ROOMS = \[([\s\S]*?)\]/.exec(rule) ?? []
  const rooms = [...list.matchAll(/'([^']+)'/g)].map(([, room = '']) => room)
  return rooms.filter((room) => !/^\(|^test\//.test(room)).reverse()
}

describe('ARCHITECTURE.md', () => {
  it('draws the rooms in the order of allowed imports, and says what each contains', () => {
    const rooms = roomsOfTheRule()
    expect(rooms.length).toBeGreaterThan(15)
    const [house = ''] = pictures
    expect([...house.matchAll(/\["([\w/.]+\/[\w.]*)"\]/g)].map(([, room]) => room)).toEqual(rooms)
    expect([...page.matchAll(/^- `([\w/.-]+\/(?:limits)?)(?:\*\.ts)?`: /gm)].map(([, room]) => room)).toEqual(rooms)
  })

  it('draws every move of a delivery that the ledger allows, and no other', () => {
    const [, life = ''] = pictures
    const drawn = [...life.matchAll(/^ {2}(\w+) --> (\w+)/gm)].map(([, from, to]) => `${from} → ${to}`)
    const allowed = DELIVERY_STATES.flatMap((to) => statesBefore(to).map((from) => `${from} → ${to}`))
    expect(drawn.sort()).toEqual(allowed.sort())
  })
})

const pages = ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'README.md', ...filesIn('docs').map((file) => `docs/${file}`)]
  .filter((file) => file.endsWith('.md'))
  .map((file) => ({ file, text: read(file) }))

describe('the pages', () => {
  it('name no limit and no setting that is not there', () => {
    const config = filesIn('config')
      .filter((file) => file.endsWith('.ts'))
      .map((file) => read(`config/${file}`))
      .join('')
    const units =
      /^[A-Z_]+_(?:MS|SECONDS|MINUTES|HOURS|DAYS|MONTHS|BYTES|CHARS|MAX|MIN|FREE|DEFAULT|CONCURRENCY|SUBSCRIBERS)$/
    const named = pages.flatMap(({ file, text }) =>
      [...text.matchAll(/`([A-Z][A-Z_]+)`/g)]
        .map(([, name = '']) => ({ file, name }))
        .filter(({ name }) => units.test(name)),
    )
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter(({ name }) => !new RegExp(`\\b${name}\\b`).test(config))).toEqual([])
  })

  it('name no function that is not in its file', () => {
    const named = pages.flatMap(({ file, text }) =>
      [...text.matchAll(/`(\w+)\(\)`,? (?:in|of) `([\w./-]+\.tsx?)`/g)].map(([, name = '', path = '']) => ({
        file,
        name,
        path,
      })),
    )
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter(({ name, path }) => !read(path).includes(name))).toEqual([])
  })

  it('name no source file that is not there', () => {
    const sources = FOLDERS.flatMap((folder) => filesIn(folder).map((file) => `/${folder}/${file}`))
    const named = pages.flatMap(({ file, text }) =>
      [...text.matchAll(/`([\w./-]+\.tsx?)`/g)].map(([, name = '']) => ({ file, name: name.replace(/^\.+\//, '') })),
    )
    expect(named.length).toBeGreaterThan(30)
    const lost = named.filter(
      ({ name }) => !/N(AME|NNN)/.test(name) && !sources.some((path) => path.endsWith(`/${name}`)),
    )
    expect(lost).toEqual([])
  })
})

describe('the source tree', () => {
  const files = FOLDERS.flatMap((folder) => filesIn(folder).map((file) => `${folder}/${file}`)).filter((file) =>
    statSync(join(PACKAGE_ROOT, file)).isFile(),
  )

  it('has no folder of more than 16 files', () => {
    const folders = [...new Set(files.map((file) => dirname(file)))]
    const full = folders.filter((folder) => files.filter((file) => dirname(file) === folder).length > 16)
    expect(full).toEqual([])
  })

  it('has no program file of more than 300 lines, and no test file of more than 250', () => {
    const most = (file: string) => (file.endsWith('.test.ts') ? 250 : 300)
    const long = files.filter((file) => /\.tsx?$/.test(file) && read(file).split('\n').length - 1 > most(file))
    expect(long).toEqual([])
  })
})

function filesIn(folder: string): string[] {
  return readdirSync(join(PACKAGE_ROOT, folder), { recursive: true, encoding: 'utf8' })
}

function read(file: string): string {
  return readFileSync(join(PACKAGE_ROOT, file), 'utf8')
}
