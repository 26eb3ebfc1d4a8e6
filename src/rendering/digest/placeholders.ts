import { Fragment } from '../fragment.ts'

/**
 * Placeholders for the parts of a digest that differ between subscribers. Names that end in `Url` contain http(s)
 * addresses only. `moreUrl`, `lessUrl` and `saveUrl` are the beginning of a feedback link; its ending follows in the card.
 * `picture` is before and after each picture and is never filled in.
 */
export const PLACEHOLDERS = [
  'preheader',
  'heading',
  'summary',
  'unsubscribeUrl',
  'preferencesUrl',
  'browserUrl',
  'reason',
  'interests',
  'listHeading',
  'moreLabel',
  'titleUrl',
  'rank',
  'why',
  'moreUrl',
  'lessUrl',
  'saveUrl',
  'picture',
] as const
export type PlaceholderName = (typeof PLACEHOLDERS)[number]

export type PlaceholderValues = Readonly<Partial<Record<PlaceholderName, Fragment>>>

/** Text with placeholders between its chunks: there is always one more chunk than placeholders. */
export interface TemplateFragment {
  readonly chunks: readonly Fragment[]
  readonly slots: readonly PlaceholderName[]
  /** Size of the chunks in a message, in bytes. */
  readonly bytes: number
}

/** The fragments of a rendered message, in order. Each begins at its marker. */
export const FRAGMENT_NAMES = ['card', 'list', 'line', 'more', 'end'] as const
export type FragmentName = (typeof FRAGMENT_NAMES)[number]

/**
 * Marks that a template writes where a placeholder or a fragment begins. `cutFragments` and `cutFragment` find them
 * again.
 */
export interface PlaceholderMarks {
  readonly word: string
  readonly slots: Readonly<Record<PlaceholderName, string>>
}

/**
 * Creates marks that do not occur in `content`. The marker word is the first candidate that `content` does not contain,
 * so it is deterministic. It does not appear in the output.
 */
export function createPlaceholderMarks(content: string): PlaceholderMarks {
  const lower = content.toLowerCase()
  let serial = 0
  while (lower.includes(`pr${serial}slot`)) serial += 1
  const word = `pr${serial}slot`
  return {
    word,
    slots: Object.fromEntries(PLACEHOLDERS.map((name) => [name, `${word}-${name}-`])) as Record<
      PlaceholderName,
      string
    >,
  }
}

/** Cuts a rendered message at its `<tr data-cut="…">` markers. Throws when a marker is missing or moved. */
export function cutFragments(
  html: string,
  { word }: PlaceholderMarks,
): { head: string; parts: { name: FragmentName; html: string }[] } {
  const [head = '', ...rest] = html.split(new RegExp(`<tr data-cut="${word}-([a-z]+)"></tr>`))
  const parts: { name: FragmentName; html: string }[] = []
  for (let at = 0; at < rest.length; at += 2) {
    const name = FRAGMENT_NAMES.find((part) => part === rest[at])
    if (name === undefined) throw new Error(`the template marks an unknown part: ${rest[at]}`)
    parts.push({ name, html: rest[at + 1] ?? '' })
  }
  return { head, parts }
}

/** Cuts text at its placeholder marks. */
export function cutFragment(text: string, { word }: PlaceholderMarks): TemplateFragment {
  const fragments = text.split(new RegExp(`${word}-(${PLACEHOLDERS.join('|')})-`))
  const chunks = fragments.filter((_, index) => index % 2 === 0).map((chunk) => new Fragment(chunk))
  const slots = fragments.filter((_, index) => index % 2 === 1) as PlaceholderName[]
  return { chunks, slots, bytes: chunks.reduce((sum, chunk) => sum + chunk.bytes, 0) }
}

/** Appends the fragment with its placeholders filled in from two records of values. The values are not escaped here. */
export function fillPlaceholders(
  { chunks, slots }: TemplateFragment,
  into: Fragment[],
  values: PlaceholderValues,
  more: PlaceholderValues = NO_VALUES,
): void {
  for (let at = 0; at < slots.length; at += 1)
    into.push(chunks[at] ?? NOTHING, fillingOf(slots[at] as PlaceholderName, values, more))
  into.push(chunks[slots.length] ?? NOTHING)
}

/** Returns the size that `fillPlaceholders` would add, in bytes. */
export function filledBytes(
  { slots, bytes }: TemplateFragment,
  values: PlaceholderValues,
  more: PlaceholderValues = NO_VALUES,
): number {
  let sum = bytes
  for (const slot of slots) sum += fillingOf(slot, values, more).bytes
  return sum
}

/** A fragment in which one value is missing at some places. Null marks the place. */
export interface JoinedFragment {
  readonly fragments: readonly (Fragment | null)[]
  /** Size without the value, in bytes. */
  readonly bytes: number
  readonly places: number
}

/**
 * Fills in all values except those of the `open` slots, and joins them with the chunks before them. A chunk before an open
 * slot stays the shared one, so that the long text of a card is not copied for each reason.
 */
export function joinPlaceholders(
  { chunks, slots }: TemplateFragment,
  values: PlaceholderValues,
  open: readonly PlaceholderName[],
): JoinedFragment {
  const fragments: (Fragment | null)[] = []
  let joined = ''
  let places = 0
  for (let at = 0; at <= slots.length; at += 1) {
    const chunk = chunks[at] ?? NOTHING
    const slot = slots[at]
    if (slot !== undefined && !open.includes(slot)) {
      joined += chunk.text + fillingOf(slot, values, NO_VALUES).text
      continue
    }
    if (joined !== '') fragments.push(new Fragment(joined))
    joined = ''
    fragments.push(chunk)
    if (slot === undefined) continue
    fragments.push(null)
    places += 1
  }
  return { fragments, places, bytes: fragments.reduce((sum, each) => sum + (each?.bytes ?? 0), 0) }
}

/** Appends a joined fragment with its missing value. */
export function fillJoined({ fragments }: JoinedFragment, value: Fragment, into: Fragment[]): void {
  for (const fragment of fragments) into.push(fragment ?? value)
}

/** Returns the size that `fillJoined` would add, in bytes. */
export function joinedBytes({ bytes, places }: JoinedFragment, value: Fragment): number {
  return bytes + places * value.bytes
}

const NOTHING = new Fragment('')
const NO_VALUES: PlaceholderValues = {}

function fillingOf(slot: PlaceholderName, values: PlaceholderValues, more: PlaceholderValues): Fragment {
  const value = values[slot] ?? more[slot]
  if (value === undefined) throw new Error(`no value for the slot ${slot}`)
  return value
}
