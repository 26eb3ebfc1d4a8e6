import { say } from '../../language/language.ts'
import type { ReviewNote } from '../../ranking/review/review-interests.ts'

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
  return { words: sentenceOf(note, { papers, days }), nearest: note.kind === 'nothing' ? note.nearest : [] }
}

function sentenceOf(note: ReviewNote, span: { readonly papers: number; readonly days: number }): string {
  const typed = 'typed' in note ? say('quoted', { text: note.typed }) : ''
  switch (note.kind) {
    case 'not-today':
      return say('note.notToday', { typed, count: note.month, days: span.days })
    case 'nothing':
      return say('note.nothing', { typed, ...span })
    case 'contradicted':
      return say('note.contradicted', { typed, by: say('quoted', { text: note.by }) })
    case 'stop-words':
      return say('note.stopWords', { typed })
    case 'mutes-much':
      return say('note.mutesMuch', { typed, removed: note.removed, ...span })
    case 'all-mutes':
      return say('note.allMutes', { removed: note.removed, ...span })
  }
}
