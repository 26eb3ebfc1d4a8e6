import { execFileSync } from 'node:child_process'
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { WEBHOOK_TOLERANCE_SECONDS } from '../config/limits-inbound.ts'
import { SHUTDOWN_GRACE_MS } from '../config/limits-processes.ts'
import { VARIABLES } from '../config/variables.ts'
import { PACKAGE_ROOT } from '../src/platform/paths.ts'
import { readLines } from '../src/subscriptions/csv/lines.ts'
import { createLineReader } from '../src/subscriptions/csv/subscriber-line.ts'

const NAMES = VARIABLES.map(({ name }) => name)
const DOCS = readdirSync(join(PACKAGE_ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => join('docs', name))
const PAGES = [...readdirSync(PACKAGE_ROOT).filter((name) => name.endsWith('.md')), ...DOCS]
const DOCS_WORDS_MAX = 1_500
const WORDS_MAX: Readonly<Record<string, number>> = {
  'README.md': 1_200,
  'ARCHITECTURE.md': 2_500,
  'STYLE.md': 500,
  // It has the method, the figures and the silly picks, which a reader of one wants beside the others.
  'docs/RANKING.md': 1_800,
}
const TABLE_ROW_CHARS_MAX = 160

const read = (path: string) => readFileSync(join(PACKAGE_ROOT, path), 'utf8')
const LIMITS = readdirSync(join(PACKAGE_ROOT, 'config'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /(?:^|\/)limits[^/]*\.ts$/.test(file))
  .map((file) => read(`config/${file}`))
  .join('')

/** Returns the text under a heading, up to the next heading of the same or a higher level. */
function section(page: string, heading: string): string {
  const [, rest = ''] = read(page).split(`\n${heading}\n`)
  const level = heading.indexOf(' ')
  return rest.split(new RegExp(`\n#{1,${level}} `))[0] ?? ''
}

/** Returns the commands that `--help` of the built program lists. */
function commandsOf(...group: string[]): string[] {
  const help = execFileSync(process.execPath, [join(PACKAGE_ROOT, 'dist/src/cli/main.js'), ...group, '--help'])
  const [, list = ''] = help.toString().split('\nCommands:\n')
  const names = [...(list.split('\n\n')[0] ?? '').matchAll(/^ {2}([a-z-]+)/gm)].map((match) => match[1] ?? '')
  return names.filter((name) => name !== 'help')
}

/** Returns the relative links and pictures of a page. */
function linksOf(page: string): string[] {
  return [...read(page).matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)]
    .map((match) => match[1] ?? match[2] ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
}

/** Returns the anchors of a page’s headings: `## The proofs` has `#the-proofs`. */
function anchorsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(
    (match) =>
      `#${(match[1] ?? '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-')}`,
  )
}

describe('the variables', () => {
  it('are in .env.example with their help, in order, and no others are', () => {
    const entries = [...read('.env.example').matchAll(/^# (.+)\n# ([A-Z][A-Z_]+)=/gm)]
    expect(entries.map(([, help, name]) => ({ name, help }))).toEqual(VARIABLES)
    expect([...read('.env.example').matchAll(/^#? ?([A-Z][A-Z_]+)=/gm)]).toHaveLength(VARIABLES.length)
  })

  it('are in the tables of docs/CONFIGURATION.md, in order, and no others are', () => {
    const rows = [...read('docs/CONFIGURATION.md').matchAll(/^\| `([A-Z_]+)` +\|/gm)]
    expect(rows.map((match) => match[1])).toEqual(NAMES)
  })
})

describe('the commands', () => {
  it.each([[[]], [['subscribers']], [['suppressions']], [['operators']]])(
    '%j are in the tables of docs/COMMANDS.md',
    (group) => {
      const rows = [...read('docs/COMMANDS.md').matchAll(/^\| `([a-z][a-z -]*)/gm)].map((match) => match[1]?.trim())
      const commands = commandsOf(...group).filter(
        (name) => !['subscribers', 'suppressions', 'operators'].includes(name),
      )
      expect(commands.length).toBeGreaterThan(2)
      const missing = commands.filter(
        (name) => !rows.some((row) => `${row} `.startsWith(`${[...group, name].join(' ')} `)),
      )
      expect(missing).toEqual([])
    },
  )
})

describe('docs/readers.csv', () => {
  it('can be imported as it is', async () => {
    const read = createLineReader({ note: null, state: 'active', at: new Date(0), hashAddress: (key) => key })
    const chunks = createReadStream(join(PACKAGE_ROOT, 'docs/readers.csv'))
    const kinds: string[] = []
    for await (const lines of readLines(chunks, { file: 'readers.csv', noteHint: null }))
      kinds.push(...lines.map(({ row, fault }) => fault ?? read(row).kind))
    expect(kinds).toEqual(['add', 'add', 'add'])
  })
})

describe('the pages', () => {
  it('of docs/ are all in the index', () => {
    const index = linksOf('docs/README.md').map((target) => join('docs', target))
    expect(DOCS.filter((page) => page !== 'docs/README.md' && !index.includes(page))).toEqual([])
  })

  it('are short', () => {
    const limits = { ...Object.fromEntries(DOCS.map((page) => [page, DOCS_WORDS_MAX])), ...WORDS_MAX }
    const words = (page: string) => read(page).split(/\s+/).filter(Boolean).length
    const long = Object.entries(limits).flatMap(([page, max]) => (words(page) > max ? [[page, words(page), max]] : []))
    expect(long).toEqual([])
  })

  it('have no wide tables', () => {
    const wide = PAGES.flatMap((page) =>
      read(page)
        .split('\n')
        .filter((line) => line.startsWith('|') && line.length > TABLE_ROW_CHARS_MAX)
        .map((line) => [page, line.slice(0, 60)]),
    )
    expect(wide).toEqual([])
  })

  it.each(PAGES)('%s has no broken link', (page) => {
    const lost = linksOf(page).filter((target) => {
      const [named = '', anchor] = target.split('#')
      const path = named === '' ? page : join(dirname(page), named)
      if (!existsSync(join(PACKAGE_ROOT, path))) return true
      return anchor !== undefined && !anchorsOf(path).includes(`#${anchor}`)
    })
    expect(lost).toEqual([])
  })

  it.each(PAGES)('%s names only files and folders that exist', (page) => {
    const named = [...read(page).matchAll(/`((?:config|src|workers|templates|test|deploy|docs|\.ci)\/[\w./-]*)`/g)]
    // NAME and NNNN are placeholders of CONTRIBUTING.md.
    const lost = named
      .map((match) => match[1] ?? '')
      .filter((path) => !/N(AME|NNN)/.test(path) && !existsSync(join(PACKAGE_ROOT, path)))
    expect(lost).toEqual([])
  })

  it('give a reason for each package that the program needs, and for no other', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
    const reasons = [...section('ARCHITECTURE.md', '## Why each dependency').matchAll(/^- `([^`]+)`: /gm)]
    expect(reasons.map((match) => match[1]).sort()).toEqual(Object.keys(dependencies).sort())
  })
})

describe('the claims of docs/security', () => {
  const pages = ['docs/security/website.md', 'docs/security/server.md'].map(read).join('\n')

  it('each name a test, and each such file and test is there', () => {
    const claims = pages.split(/^- /m).slice(1)
    expect(claims.length).toBeGreaterThan(20)
    const broken = claims.filter((claim) => {
      const [, path = '', name = ''] = /^ {2}`(test\/[\w./-]+\.test\.tsx?)`: “(.+)”$/m.exec(claim) ?? []
      return path === '' || !existsSync(join(PACKAGE_ROOT, path)) || !read(path).includes(name)
    })
    expect(broken).toEqual([])
  })

  it('have the figures of config/limits*.ts', () => {
    const figures = [...pages.matchAll(/([\d,]+)\s+\(`([A-Z][A-Z_]+)`\)/g)].map(([, figure = '', name = '']) => [
      name,
      Number(figure.replaceAll(',', '')),
    ])
    expect(figures.length).toBeGreaterThan(10)
    const values = new Map(
      [...LIMITS.matchAll(/^export const (\w+) = ([\d_]+)\b/gm)].map(([, name, figure = '']) => [
        name,
        Number(figure.replaceAll('_', '')),
      ]),
    )
    // The tolerance of a webhook is written as a product.
    values.set('WEBHOOK_TOLERANCE_SECONDS', WEBHOOK_TOLERANCE_SECONDS)
    expect(figures).toEqual(figures.map(([name]) => [name, values.get(String(name))]))
  })
})

describe('package.json', () => {
  it('lists each package that the program loads at its start as needed in production', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
    const files = ['config', 'src', 'templates', 'workers'].flatMap((folder) =>
      readdirSync(join(PACKAGE_ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => `${folder}/${name}`),
    )
    const loaded = files.flatMap((file) =>
      [...read(file).matchAll(/^(?:import|export) (?!type )[\w{},*\s]*? from '([^'.][^']*)'/gm)].map(
        ([, name = '']) => name,
      ),
    )
    const packages = loaded
      .filter((name) => !name.startsWith('node:'))
      .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'))
    expect(packages.length).toBeGreaterThan(20)
    expect(packages.filter((name) => dependencies[name] === undefined)).toEqual([])
  })
})

describe('docker-compose.yml', () => {
  const services = read('docker-compose.yml')
    .split(/^services:$/m)[1]
    ?.split(/\n(?= {2}[a-z]+:\n)/)
  const ours = (services ?? []).filter((service) => service.includes('<<: *paperround'))

  it('runs commands that the program has', () => {
    const commands = ours.map((service) => /^ {4}command: \[(\w+)[\],]/m.exec(service)?.[1])
    expect(commands).toEqual(['migrate', 'web', 'scheduler', 'worker'])
    expect(commandsOf()).toEqual(expect.arrayContaining(commands))
  })

  it('waits for a process to finish what is in hand before it kills it', () => {
    const [common = ''] = read('docker-compose.yml').split('services:')
    const seconds = Number(/^ {2}stop_grace_period: (\d+)s$/m.exec(common)?.[1])
    expect(seconds * 1_000).toBeGreaterThan(SHUTDOWN_GRACE_MS)
  })

  it('names no variable that the program does not know', () => {
    const [, environment = ''] = read('docker-compose.yml').split(/^ {2}environment:$/m)
    const set = [...(environment.split(/^ {2}\w/m)[0] ?? '').matchAll(/^ {4}([A-Z_]+):/gm)].map((match) => match[1])
    expect(set.length).toBeGreaterThan(5)
    expect(NAMES).toEqual(expect.arrayContaining(set))
  })
})

describe('the limits on sign-ups', () => {
  it('are in docs/internals/sign-ups.md as the program has them', () => {
    const rows = [...section('docs/internals/sign-ups.md', '## Limits').matchAll(/^\| `(\w+)` +\| ([\d,]+) /gm)]
    expect(rows.length).toBeGreaterThan(20)
    const constants = [...LIMITS.matchAll(/^export const (\w+) = ([\d_]+)/gm)]
    const values = new Map(constants.map(([, name, value = '']) => [name, Number(value.replaceAll('_', ''))]))
    for (const [, name = '', value = ''] of rows)
      expect([name, values.get(name)]).toEqual([name, Number(value.replaceAll(',', ''))])
  })
})
