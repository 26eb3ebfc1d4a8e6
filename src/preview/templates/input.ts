import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { PREVIEW_EDITS_MAX } from '../../../config/limits-web.ts'
import type { Preferences } from '../../domain/subscriber.ts'
import type { DigestProps } from '../../rendering/digest/props.ts'
import type { TransactionalProps } from '../../rendering/transactional-props.ts'

/** The content of the JSON editor: the input of a mail except its template. */
export type EditableProps =
  | { readonly subscriber: Preferences; readonly props: DigestProps }
  | { readonly props: TransactionalProps }

export type EditCheck =
  | { readonly ok: true; readonly value: EditableProps }
  | { readonly ok: false; readonly reason: string }

/** Stores edited props while the preview runs. Their ids are short enough for URLs. */
export interface Edits {
  store(text: string, value: EditableProps): string
  find(id: string): { readonly text: string; readonly value: EditableProps } | null
}

const brand = z.looseObject({ name: z.string(), publicUrl: z.string(), postalAddress: z.string().nullable() })
const count = z.number().nullable()
// Unknown fields are passed on, because other versions of the templates may use them.
const paper = z.looseObject({
  id: z.string().min(1),
  title: z.string(),
  abstract: z.string(),
  keySentence: z.string().default(''),
  machineSummary: z.string().nullable().default(null),
  authorLine: z.string(),
  authorsShort: z.string().default(''),
  organization: z.string().nullable(),
  thumbnail: z.string().nullable().default(null),
  votes: count,
  comments: count,
  stars: count,
  starsGained: z.string().default(''),
  url: z.string(),
  links: z.array(z.object({ label: z.string(), url: z.string() })),
})
const digest = z.looseObject({
  subscriber: z.looseObject({
    interests: z.array(z.string()),
    mutedTerms: z.array(z.string()),
    frequency: z.enum(['daily', 'weekly']),
    featuredCount: z.number().int().min(0),
  }),
  props: z.looseObject({
    brand,
    day: z.string(),
    dayLong: z.string(),
    frequency: z.enum(['daily', 'weekly']),
    votesAsOf: z.string(),
    incomplete: z.string().nullable(),
    webUrl: z.string(),
    papers: z.array(paper).min(1),
  }),
})
const transactional = z.looseObject({ props: z.looseObject({ kind: z.string(), brand }) })

/** Checks edited JSON. `reason` names the line of a syntax error, or the invalid field. */
export function checkEdit(text: string, kind: 'digest' | 'transactional'): EditCheck {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const { message } = error as Error
    return { ok: false, reason: `This is not valid JSON: ${withoutPosition(message)} (line ${lineOf(message, text)}).` }
  }
  const parsed = (kind === 'digest' ? digest : transactional).safeParse(value)
  if (parsed.success) return { ok: true, value: parsed.data as unknown as EditableProps }
  const [first] = parsed.error.issues
  return { ok: false, reason: `${first?.path.join('.') || 'The input'}: ${first?.message ?? 'is invalid'}.` }
}

export function createEdits(): Edits {
  const stored = new LRUCache<string, { text: string; value: EditableProps }>({ max: PREVIEW_EDITS_MAX })
  let serial = 0
  return {
    store(text, value) {
      serial += 1
      stored.set(String(serial), { text, value })
      return String(serial)
    },
    find: (id) => stored.get(id) ?? null,
  }
}

/** Returns the line of a JSON error. V8 reports the position only for some errors, so for others it parses prefixes. */
function lineOf(message: string, text: string): number {
  const position = reportedPosition(message) ?? longestValidPrefix(text)
  return text.slice(0, position).split('\n').length
}

/** Reads `… in JSON at position 11`, to which Node 22 and newer add ` (line 3 column 2)`. The end of a message is V8's. */
const POSITION = /(?: in JSON)? at position (\d+)(?: \(line \d+ column \d+\))?$/

function reportedPosition(message: string): number | null {
  const found = POSITION.exec(message)?.[1]
  return found === undefined ? null : Number(found)
}

function withoutPosition(message: string): string {
  return message.replace(POSITION, '')
}

/** Returns the length of the longest prefix that could still become JSON, by binary search. */
function longestValidPrefix(text: string): number {
  let good = 0
  let bad = text.length
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    if (couldBecomeJson(text.slice(0, middle))) good = middle
    else bad = middle
  }
  return good
}

function couldBecomeJson(start: string): boolean {
  try {
    JSON.parse(start)
    return true
  } catch (error) {
    const { message } = error as Error
    return /end of JSON|Unterminated/.test(message) || reportedPosition(message) === start.length
  }
}
