import { z } from 'zod'
import { PREVIEW_EDITS_KEPT_MAX } from '../../config/limits.ts'
import type { NoticeProps } from '../digest/notice.ts'
import type { DigestProps } from '../digest/props.ts'
import type { Preferences } from '../subscriber.ts'

/** What the JSON editor holds: all that makes a mail, apart from its template. */
export type EditableProps =
  | { readonly reader: Preferences; readonly props: DigestProps }
  | { readonly props: NoticeProps }

export type EditCheck =
  | { readonly ok: true; readonly value: EditableProps }
  | { readonly ok: false; readonly reason: string }

/** Props that somebody edited, kept while the preview runs, under a name that an address can carry. */
export interface Edits {
  keep(text: string, value: EditableProps): string
  find(id: string): { readonly text: string; readonly value: EditableProps } | null
}

const brand = z.object({ name: z.string(), publicUrl: z.string(), postalAddress: z.string().nullable() })
const count = z.number().nullable()
const paper = z.object({
  id: z.string().min(1),
  title: z.string(),
  abstract: z.string(),
  authorLine: z.string(),
  organization: z.string().nullable(),
  votes: count,
  comments: count,
  stars: count,
  url: z.string(),
  links: z.array(z.object({ label: z.string(), url: z.string() })),
})
// Loose: a field that another version of the templates takes is passed on.
const digest = z.looseObject({
  reader: z.looseObject({
    interests: z.array(z.string()),
    muted: z.array(z.string()),
    frequency: z.enum(['daily', 'weekly']),
    length: z.number().int().min(0),
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
const notice = z.looseObject({ props: z.looseObject({ kind: z.string(), brand }) })

/** Checks edited JSON; `reason` names the line where it is no JSON, or the field that is wrong. */
export function checkEdit(text: string, kind: 'digest' | 'notice'): EditCheck {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { ok: false, reason: `This is no JSON: ${(error as Error).message}${lineOf(error as Error, text)}.` }
  }
  const parsed = (kind === 'digest' ? digest : notice).safeParse(value)
  if (parsed.success) return { ok: true, value: parsed.data as unknown as EditableProps }
  const [first] = parsed.error.issues
  return { ok: false, reason: `${first?.path.join('.') || 'The whole'}: ${first?.message ?? 'is not right'}.` }
}

export function createEdits(): Edits {
  const kept = new Map<string, { text: string; value: EditableProps }>()
  let serial = 0
  return {
    keep(text, value) {
      serial += 1
      kept.set(String(serial), { text, value })
      if (kept.size > PREVIEW_EDITS_KEPT_MAX) kept.delete(kept.keys().next().value ?? '')
      return String(serial)
    },
    find: (id) => kept.get(id) ?? null,
  }
}

function lineOf({ message }: Error, text: string): string {
  const position = /position (\d+)/.exec(message)?.[1]
  return position === undefined ? '' : ` (line ${text.slice(0, Number(position)).split('\n').length})`
}
