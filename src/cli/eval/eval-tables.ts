import type { EvaluatedDays, Figures } from '../../ranking/eval/evaluate.ts'
import type { Inputs } from '../../ranking/eval/inputs.ts'
import type { PeopleByLikes, PeopleFigures } from '../../ranking/eval/people/people.ts'
import type { Measured } from '../../ranking/eval/statistics.ts'
import { notesOn, weakBaseline } from './eval-notes.ts'

type Evaluated = EvaluatedDays & Partial<Figures>

/** Returns the text of an evaluation: what was measured, a table for each part, and notes on missing input. */
export function describe(evaluation: Evaluated): string[] {
  const { days, heldOut, fittedTo } = evaluation
  return [
    `${days.count} days, ${days.from} to ${days.to}, ${days.papers} papers${heldOut ? `; fitted on days up to ${fittedTo}` : '; some of these days were fitted on'}`,
    ...notesOn(evaluation),
    '',
    ...votesTables(evaluation),
    ...readerTables(evaluation),
    ...matchTables(evaluation),
    ...peopleTables(evaluation),
    ...combinedTables(evaluation),
    ...starTables(evaluation),
  ]
}

function votesTables({ withinDay = {}, weekly, inputs }: Evaluated): string[] {
  const within = Object.entries(withinDay).map(
    ([name, row]): Row => [name, [row.ndcg10, row.ndcg10Linear, row.overlap10], weakBaseline(name, inputs)],
  )
  return [
    ...(within.length === 0
      ? []
      : [table('Within the day, against votes a day later', ['NDCG@10', 'NDCG@10, linear', 'top-10 overlap'], within)]),
    ...(weekly === undefined ? [] : weeklyTables(weekly, inputs)),
  ]
}

function weeklyTables({ independent, ...flattering }: Figures['weekly'], inputs: Inputs): string[] {
  const heads = ['recall@10', 'recall@20']
  const shown = Object.entries(independent).flatMap(([size, { lists }]) =>
    Object.entries(lists).map(([back, row]): Row => [`${size}, ${back} before`, [row.recall10, row.recall20]]),
  )
  const weeks = independent['10']?.recall10.count ?? 0
  const page = table(
    `Of a week’s most voted by Hugging Face’s page of it, what a reader was sent by the Monday after, in ${weeks} weeks of all recorded days; by papers a day, and earlier lists with candidates`,
    heads,
    shown,
  )
  return [
    ...(weeks === 0 ? [] : [page]),
    ...Object.entries(flattering).flatMap(([size, carrying]) =>
      Object.entries(carrying).map(([back, rows]) =>
        table(
          `Of a week’s most voted a day after their lists, which the ranking knows too, what a reader of ${size} a day was sent; candidates of ${back === '0' ? 'the day alone' : `the day and ${back} before`}`,
          heads,
          Object.entries(rows).map(([name, row]) => [name, [row.recall10, row.recall20], weakBaseline(name, inputs)]),
        ),
      ),
    ),
  ]
}

function readerTables({ interests, learning }: Evaluated): string[] {
  const heads = ['recall@10', 'nDCG@10']
  const rowsOf = (figures: Readonly<Record<string, { readonly recall10: Measured; readonly ndcg10: Measured }>>) =>
    Object.entries(figures).map(([name, row]): Row => [name, [row.recall10, row.ndcg10]])
  return [
    ...Object.entries(interests ?? {}).map(([protocol, rows]) =>
      table(`Readers drawn from keywords, by ${protocol}`, heads, rowsOf(rows)),
    ),
    ...(learning === undefined
      ? []
      : [table('Learnt from likes alone, by how many there are', heads, rowsOf(learning))]),
  ]
}

function matchTables({ matches }: Evaluated): string[] {
  if (matches === undefined) return []
  const { precision, mentions, everywhere, scattered, weakest } = matches
  const rows: Row[] = [
    ['Matches', [precision]],
    ['Mentions', [mentions]],
    ['all matches', [everywhere]],
    ['scattered', [scattered]],
  ]
  return [
    table(
      'Papers of digests by what their explanation says: the share with the interest as a keyword',
      ['share'],
      rows,
    ),
    [
      `The ${weakest.length} weakest, to read`,
      ...weakest.map(({ day, title, sentence, why }) => `${day}  ${why}  ${title}\n            ${sentence}`),
      '',
    ].join('\n'),
  ]
}

const PEOPLE_ROWS: readonly (readonly [keyof PeopleFigures, string])[] = [
  ['ours', 'ours'],
  ['svm', 'svm'],
  ['centroid', 'centroid'],
  ['votes', 'votes'],
  ['oursMinusSvm', 'ours − svm'],
  ['oursMinusCentroid', 'ours − centr.'],
]

function peopleTables({ people }: Evaluated): string[] {
  if (people === undefined) return []
  const tableOf = (title: string, figures: PeopleByLikes) =>
    table(
      `${title}, recall@10 from likes alone`,
      Object.entries(figures).map(
        ([likes, { ours }]) => `${likes} ${likes === '1' ? 'like' : 'likes'}, ${ours.count} cases`,
      ),
      PEOPLE_ROWS.map(([key, name]) => [name, Object.values(figures).map((row) => row[key])]),
    )
  return [
    tableOf('Authors and the next papers that they write', people.authors),
    tableOf('Submitters and the next papers that they put on the list', people.submitters),
  ]
}

function combinedTables({ combined }: Evaluated): string[] {
  if (combined === undefined) return []
  const { interests, likes, both } = combined
  const rows: Row[] = [
    ['interests', [interests]],
    ['likes', [likes]],
    ...Object.entries(both).map(([weight, row]): Row => [`both, at ${weight}`, [row]]),
  ]
  const title = `Authors with three keywords of five likes as interests, ${likes.count} cases, by the weight of feedback`
  return [table(title, ['recall@10'], rows)]
}

function starTables({ stars }: Evaluated): string[] {
  if (stars === undefined || stars.beyondVotes.count === 0) return []
  const title = `Growth of GitHub stars on ${stars.beyondVotes.count} mornings against the votes of the Monday after`
  return [table(title, ['rank correlation, votes held fixed'], [['stars', [stars.beyondVotes]]])]
}

/** A name, its figures, and a remark at the end of the line. */
type Row = readonly [name: string, cells: readonly Measured[], remark?: string]

const NAME_CHARS = 14
const CELL_CHARS = 24

function table(title: string, heads: readonly string[], rows: readonly Row[]): string {
  const head = `${' '.repeat(NAME_CHARS)}${heads.map((each) => each.padEnd(CELL_CHARS)).join('')}`
  return [
    title,
    head.trimEnd(),
    ...rows.map(([name, cells, remark = '']) =>
      `${name.padEnd(NAME_CHARS)}${cells.map(cell).join('')}${remark}`.trimEnd(),
    ),
    '',
  ].join('\n')
}

function cell({ mean, low, high, count }: Measured): string {
  const text = count === 0 ? '–' : `${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`
  return text.padEnd(CELL_CHARS)
}
