import type pg from 'pg'
import type { Paper } from '../../src/domain/paper.ts'
import { searchColumnsOf } from '../../src/ledger/editions/search-columns.ts'

const PAPERS_PER_DAY = 40
const ROWS_PER_INSERT = 500
const ENDINGS = ['', 'ing', 'ed', 'ation', 'al', 'ity', 'ive', 'er']
const SYLLABLES = 'ba ce di fo gu la me ni po ru sa te vi xo zu kra ple stri tho que'.split(' ')
/** Words that half of all abstracts contain. */
const COMMON = 'model models learning data method training language results performance propose'.split(' ')

/** Fills a ledger with invented papers whose words have realistic frequencies (Zipf's law). */
export async function fillSearchPapers(client: pg.Client, papers: number): Promise<void> {
  const random = createRandom(7)
  const word = () => wordAt(COMMON.length + Math.floor(60 * 500 ** random()) - 60)
  const common = (share: number) => COMMON.filter(() => random() < share).join(' ')
  const sentence = (words: number) => Array.from({ length: words }, word).join(' ')
  for (let first = 0; first < papers; first += ROWS_PER_INSERT) {
    const rows = Array.from({ length: Math.min(ROWS_PER_INSERT, papers - first) }, (_, at) => {
      const number = first + at
      const name = () =>
        `${capital(wordAt(Math.floor(random() * 900)))} ${capital(wordAt(900 + Math.floor(random() * 5_000)))}`
      const content: Paper = {
        id: `26${String(number).padStart(6, '0')}`,
        title: capital(`${sentence(8)} ${common(0.1)}`.trim()),
        abstract: Array.from({ length: 8 }, () => `${capital(sentence(21))} ${common(0.1)}.`).join(' '),
        authors: Array.from({ length: 5 }, name),
        publishedAt: null,
        categories: ['cs.AI'],
        keywords: [],
        links: {},
        machineSummary: null,
        organization: null,
      }
      return { id: content.id, day: Math.floor(number / PAPERS_PER_DAY), content }
    })
    await client.query(
      `insert into papers (id, content, title_search, search, first_day, updated_at)
        select id, content, title_search::tsvector, search::tsvector, date '2025-01-01' + day, now()
        from jsonb_to_recordset($1::jsonb) as row(id text, day int, content jsonb, title_search text, search text)`,
      [JSON.stringify(rows.map((row) => ({ ...row, ...searchColumnsOf(row.content) })))],
    )
  }
  await client.query('vacuum analyze papers')
}

/** Makes today's edition of the newest papers, as the front page shows it. */
export async function fillSearchEdition(client: pg.Client): Promise<void> {
  await client.query(
    `insert into editions (day, state, reports, published_at, dispatched_at, cohort)
      values (current_date, 'published', '[]', now(), null, 'everyone')`,
  )
  await client.query(
    `insert into edition_papers (day, rank, paper_id, score, why, content)
      select current_date, row_number() over (order by id desc), id, 0, 'a reason', content
      from (select * from papers order by id desc limit 50) newest`,
  )
}

/** Returns the nth most common word. */
export function wordAt(rank: number): string {
  const common = COMMON[rank]
  if (common !== undefined) return common
  const syllables: string[] = []
  for (let rest = rank; rest > 0; rest = Math.floor(rest / SYLLABLES.length))
    syllables.push(SYLLABLES[rest % SYLLABLES.length] ?? '')
  return `${syllables.join('')}${ENDINGS[rank % ENDINGS.length]}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Returns the same numbers from 0 to 1 in every run (linear congruential generator of Numerical Recipes). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
