import type { ReviewNote } from '../ranking/review/review-interests.ts'
import { counted } from '../text/counted.ts'

/** A note in words, with interests that may be added instead. */
export interface NoteInWords {
  readonly words: string
  readonly nearest: readonly string[]
}

/** Returns a note as a sentence. `span` is what was measured. */
export function wordsOfNote(
  note: ReviewNote,
  { papers, days }: { readonly papers: number; readonly days: number },
): NoteInWords {
  const all = `the ${counted(papers, 'paper')} of the last ${days} days`
  return { words: sentenceOf(note, all, days), nearest: note.kind === 'nothing' ? note.nearest : [] }
}

function sentenceOf(note: ReviewNote, all: string, days: number): string {
  switch (note.kind) {
    case 'not-today':
      return `“${note.typed}” matches nothing in the newest list, but ${counted(note.month, 'paper')} of the last ${days} days.`
    case 'nothing':
      return `“${note.typed}” matches none of ${all}.`
    case 'contradicted':
      return `“${note.typed}” brings nothing, because “${note.by}” leaves out every paper that it matches.`
    case 'stop-words':
      return `“${note.typed}” consists of words that nearly every paper has, so it says nothing.`
    case 'mutes-much':
      return `“${note.typed}” leaves out ${note.removed} of ${all}.`
    case 'all-mutes':
      return `Your muted terms together leave out ${note.removed} of ${all}.`
  }
}
