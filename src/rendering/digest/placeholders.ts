import { Fragment } from '../fragment.ts'

/** The places of a digest that differ from reader to reader. Those that end in `Url` hold http(s) addresses only. */
export const PLACEHOLDERS = [
  'preheader',
  'heading',
  'count',
  'unsubscribeUrl',
  'preferencesUrl',
  'browserUrl',
  'reason',
  'interests',
  'listHeading',
  'moreLabel',
  'rank',
  'why',
  'moreUrl',
  'lessUrl',
] as const
export type PlaceholderName = (typeof PLACEHOLDERS)[number]

export type PlaceholderValues = Readonly<Partial<Record<PlaceholderName, Fragment>>>

/** Text with holes: chunk, slot, chunk, …, so that there is always one chunk more than there are slots. */
export interface TemplateFragment {
  readonly chunks: readonly Fragment[]
  readonly slots: readonly PlaceholderName[]
  /** Mailed bytes of the chunks alone. */
  readonly bytes: number
}

/** The parts of a rendered mail, in this order; each begins at its marker. */
export const FRAGMENT_NAMES = ['card', 'list', 'line', 'more', 'end'] as const
export type FragmentName = (typeof FRAGMENT_NAMES)[number]

/** What a template writes where a slot or a part begins; found again by `cutParts` and `cutFragment`. */
export interface PlaceholderMarks {
  readonly word: string
  readonly slots: Readonly<Record<PlaceholderName, string>>
}

/**
 * Marks that cannot be confused with anything in `content`. The word is the first that the content
 * does not hold, so that it is the same whenever the content is; it disappears from the output.
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

/** A rendered mail cut at its `<tr data-cut="…">` markers. Throws when the template lost one or moved one. */
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

/** Cuts text at its slot marks. */
export function cutFragment(text: string, { word }: PlaceholderMarks): TemplateFragment {
  const fragments = text.split(new RegExp(`${word}-(${PLACEHOLDERS.join('|')})-`))
  const chunks = fragments.filter((_, index) => index % 2 === 0).map((chunk) => new Fragment(chunk))
  const slots = fragments.filter((_, index) => index % 2 === 1) as PlaceholderName[]
  return { chunks, slots, bytes: chunks.reduce((sum, chunk) => sum + chunk.bytes, 0) }
}

/** Adds the fragment with its slots filled. The values are put in as they are: escape them first. */
export function fillPlaceholders(
  { chunks, slots }: TemplateFragment,
  values: PlaceholderValues,
  into: Fragment[],
): void {
  for (let at = 0; at < slots.length; at += 1)
    into.push(chunks[at] ?? NOTHING, fillingOf(slots[at] as PlaceholderName, values))
  into.push(chunks[slots.length] ?? NOTHING)
}

/** Mailed bytes of what `splice` would add. */
export function filledBytes({ slots, bytes }: TemplateFragment, values: PlaceholderValues): number {
  let sum = bytes
  for (const slot of slots) sum += fillingOf(slot, values).bytes
  return sum
}

const NOTHING = new Fragment('')

function fillingOf(slot: PlaceholderName, values: PlaceholderValues): Fragment {
  const value = values[slot]
  if (value === undefined) throw new Error(`no value for the slot ${slot}`)
  return value
}
