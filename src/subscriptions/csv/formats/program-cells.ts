import type { CellOf } from './program-format.ts'
import { type ListedState, writeState } from './states.ts'

/** Returns a state with its source, such as “Mailchimp: cleaned 2020-03-23 17:30:05: reason”. */
export function said(state: ListedState, words: string, when = '', why = ''): string {
  return writeState(state, [[words, when].filter(Boolean).join(' '), why].filter(Boolean).join(': '))
}

/** Returns the state for the word in the first of these columns that exists. Unknown words are returned unchanged. */
export function byWord(
  cell: CellOf,
  program: string,
  columns: readonly string[],
  states: Readonly<Record<string, ListedState>>,
  notes: readonly string[] = [],
): string {
  const column = columns.find((each) => cell(each) !== undefined) ?? ''
  const word = cell(column) ?? ''
  if (word === '') return `${column} is empty`
  const key = word.toLowerCase()
  const state = Object.hasOwn(states, key) ? states[key] : undefined
  if (state === undefined) return word
  if (state === 'active') return state
  const why = notes
    .map((note) => cell(note))
    .filter(Boolean)
    .join(', ')
  return said(state, `${program}: ${column} ${word}`, '', why)
}

const DATE = /\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|^\d{10}$/

/** Returns the sign-up dates as a consent note, or an empty string. `sources` describe the columns. */
export function signedUp(
  program: string,
  cell: CellOf,
  dates: Readonly<Record<string, string>>,
  sources: readonly string[] = [],
): string {
  const said = Object.entries(dates).flatMap(([column, words]) => {
    const date = cell(column) ?? ''
    return DATE.test(date) ? [`${words} ${date}`] : []
  })
  if (said.length === 0) return ''
  const source = sources.map((column) => cell(column)).find(Boolean)
  return `${program}: ${[...said, ...(source ? [`source ${source}`] : [])].join(', ')}`
}
