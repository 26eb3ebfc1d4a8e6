import Fastify, { type FastifyInstance } from 'fastify'
import { openDatabase, openPool } from '../../src/ledger/connection/database.ts'
import { openStores } from '../../src/ledger/stores.ts'
import { createLinks } from '../../src/security/signed-links.ts'
import { createTokens } from '../../src/security/tokens.ts'
import { addPublicPages } from '../../src/web/public/public-pages.tsx'
import { usageOf } from '../setup/children.ts'
import { type BenchDatabase, makeDatabase, wholeNumber } from '../setup/temp-database.ts'
import { fillSearchEdition, fillSearchPapers, wordAt } from './search-papers.ts'

interface Options {
  readonly database: string
  readonly papers: string
  readonly rounds: string
  readonly json?: boolean
}

/** Processor time of one answer in ms: of the web process and of PostgreSQL, which is null when it runs elsewhere. */
interface Cost {
  readonly what: string
  readonly status: number
  readonly own: number
  readonly postgres: number | null
}

interface Figures {
  readonly papers: number
  /** Compares every title and abstract with `ilike`. */
  readonly reference: Cost
  /** The first request of the process, which also fills its caches. */
  readonly first: Cost
  readonly costs: readonly Cost[]
}

/** Measures typical and hostile searches against a scan with `ilike` in the same run. */
export async function benchSearch(options: Options): Promise<void> {
  const [papers, rounds] = [wholeNumber(options.papers, '--papers'), wholeNumber(options.rounds, '--rounds')]
  const database = await makeDatabase(options.database)
  const pool = openPool({ kind: 'url', url: database.url })
  const db = openDatabase(pool)
  const web = Fastify({ trustProxy: false })
  try {
    await fillSearchPapers(database.client, papers)
    await fillSearchEdition(database.client)
    const publicUrl = 'https://papers.example.org'
    const brand = { name: 'Bench', publicUrl, postalAddress: null }
    const links = createLinks(publicUrl, createTokens(['a secret of the bench, long enough']))
    addPublicPages(
      web,
      { brand, links, clock: () => new Date() },
      { ledger: openStores(db), timezone: 'UTC', formToken: () => '' },
    )
    const figures = await measure(web, database, papers, rounds)
    process.stdout.write(options.json === true ? `${JSON.stringify(figures, null, 2)}\n` : tableOf(figures))
  } finally {
    await web.close()
    await db.destroy()
    await database.drop()
  }
}

async function measure(
  web: FastifyInstance,
  database: BenchDatabase,
  papers: number,
  rounds: number,
): Promise<Figures> {
  const ilike = "select count(*) from papers where content->>'title' ilike $1 or content->>'abstract' ilike $1"
  const ask = (url: string) => async () => {
    const remoteAddress = nextAddress()
    return (await web.inject({ url: url.replace('{n}', remoteAddress), remoteAddress })).statusCode
  }
  const reference = await costOf(database, 'scan with ilike', rounds, async () => {
    await database.client.query(ilike, [`%${wordAt(500)}%`])
    return 200
  })
  const first = await costOf(database, 'the first search', 1, ask(`/search?q=${misspelt(wordAt(4_000))}`))
  const costs: Cost[] = []
  for (const [what, url] of SEARCHES) costs.push(await costOf(database, what, rounds, ask(url)))
  return { papers, reference, first, costs }
}

const words = (count: number, from: number, step: number) =>
  Array.from({ length: count }, (_, at) => wordAt(from + at * step))
const search = (text: string) => `/search?q=${encodeURIComponent(text)}`

function misspelt(word: string): string {
  return `${word.slice(0, 2)}q${word.slice(3)}`
}

const SEARCHES: readonly (readonly [what: string, url: string])[] = [
  ['one rare word', search(wordAt(6_000))],
  ['two words', search(`${wordAt(300)} ${wordAt(900)}`)],
  ['one word of most papers', search('model')],
  ['the beginning of many words', search('st')],
  ['a feed of a common word', '/feed.xml?q=model'],
  ['page 50', `${search('model')}&page=50`],
  ['3 common words, or', search(words(3, 0, 1).join(' or '))],
  ['20 words that are common or not, or', search(words(20, 0, 3).join(' or '))],
  ['a phrase of common words', search('"model models learning data"')],
  ['-word only', search(`-${wordAt(9_000)}`)],
  ['a misspelt word', search(misspelt(wordAt(4_000)))],
  ['12 misspelt words', search(words(12, 2_000, 501).map(misspelt).join(' ').slice(0, 200))],
  [
    '40 near misses of four letters',
    search(
      words(40, 30, 7)
        .map((word) => `${word.slice(0, 2)}qx`)
        .join(' ')
        .slice(0, 199),
    ),
  ],
  ['200 times one letter', search('a'.repeat(200))],
  ['100 words of two letters', search('ab '.repeat(66).trim())],
  ['100 quotes', search('" '.repeat(100).trim())],
  ['operators', search('& | ! <-> :* ( ) % _ '.repeat(9).trim())],
  ['combining marks', search('a\u0301\u0302\u0303'.repeat(50))],
  ['letters that fold to many', search('\u{fdfa}'.repeat(200))],
  ['10,000 characters', search('a'.repeat(10_000))],
  ['interests of the front page', `/?interests={n},${words(40, 100, 11).join(',').slice(0, 490)}`],
  ['words joined by hyphens', search(words(30, 0, 1).join('-').slice(0, 199))],
  ['paths and addresses', search('a/b.c/d@e.f '.repeat(16).trim())],
  ['two common beginnings', search('model re')],
]

let asked = 0

/** Each request comes from another network, so that the rate limit does not apply. */
function nextAddress(): string {
  asked += 1
  return `10.${(asked >> 8) & 255}.${asked & 255}.1`
}

async function costOf(
  { client }: BenchDatabase,
  what: string,
  rounds: number,
  work: () => Promise<number>,
): Promise<Cost> {
  const postgresNow = async () => {
    const { rows } = await client.query<{ pid: number }>(
      'select pid from pg_stat_activity where datname = current_database()',
    )
    return rows.map(({ pid }) => usageOf(pid, 'postgres').cpuMs)
  }
  // The first answers compile plans and code; their cost is printed separately.
  if (rounds > 1) for (let warm = 0; warm < 20; warm += 1) await work()
  const before = await postgresNow()
  const from = process.cpuUsage()
  let status = 0
  for (let round = 0; round < rounds; round += 1) status = await work()
  const { user, system } = process.cpuUsage(from)
  const after = await postgresNow()
  const sum = (times: readonly (number | null)[]) => times.reduce<number>((all, each) => all + (each ?? 0), 0)
  return {
    what,
    status,
    own: (user + system) / 1_000 / rounds,
    postgres: after.includes(null) ? null : (sum(after) - sum(before)) / rounds,
  }
}

function tableOf({ papers, reference, first, costs }: Figures): string {
  const whole = ({ own, postgres }: Cost) => own + (postgres ?? 0)
  const lines = [reference, first, ...costs].map((cost) => {
    const postgres = cost.postgres === null ? 'elsewhere' : cost.postgres.toFixed(1)
    const ratio = (whole(cost) / whole(reference)).toFixed(3)
    return `${cost.what.padEnd(34)} ${String(cost.status).padStart(6)} ${cost.own.toFixed(1).padStart(8)} ${postgres.padStart(10)} ${whole(cost).toFixed(1).padStart(8)} ${ratio.padStart(8)}`
  })
  return `${papers} papers\n${'search'.padEnd(34)} ${'status'.padStart(6)} ${'web ms'.padStart(8)} ${'PostgreSQL'.padStart(10)} ${'ms'.padStart(8)} ${'of scan'.padStart(8)}\n${lines.join('\n')}\n`
}
