import type { Paper } from '../domain/paper.ts'
import { type FoldedText, readTopic, type Topic, topicMatches, topicStrength } from './topic.ts'
import type { Lexicon } from './words/lexicon.ts'
import { wordsOf } from './words/words.ts'

/** One line of a reader’s interests, read. */
export type Interest =
  | { readonly kind: 'topic'; readonly topic: Topic }
  /** `"sparse retrieval"`: these very words in this order. */
  | { readonly kind: 'exact'; readonly phrase: string }
  /** `author:Lovelace`: all these words in one author’s name. */
  | { readonly kind: 'author'; readonly words: readonly string[] }
  /** `category:cs.CL`, or `category:cs` for all of them. */
  | { readonly kind: 'category'; readonly category: string }
  /** `code:yes`, `code:no`. */
  | { readonly kind: 'code'; readonly wanted: boolean }
  /** `-robots`: excludes matching papers. */
  | { readonly kind: 'not'; readonly of: Interest }

/** The folded text of a paper, and the paper itself for other conditions. */
export interface Matchable {
  readonly paper: Paper
  readonly folded: FoldedText
  readonly authors: readonly (readonly string[])[]
}

/** Reads what somebody typed; null when it holds nothing that could be found. */
export function readInterest(typed: string, lexicon: Lexicon): Interest | null {
  const text = typed.trim()
  if (text.startsWith('-')) {
    const of = readInterest(text.slice(1), lexicon)
    return of === null || of.kind === 'not' ? of : { kind: 'not', of }
  }
  const quoted = /^["“”«](.+)["“”»]$/u.exec(text)?.[1]
  if (quoted !== undefined) {
    const phrase = wordsOf(quoted).join(' ')
    return phrase === '' ? null : { kind: 'exact', phrase }
  }
  const [, name = '', rest = ''] = /^(author|category|code)\s*:\s*(.+)$/i.exec(text) ?? []
  if (name !== '') return readField(name.toLowerCase(), rest)
  const topic = readTopic(text, lexicon)
  return topic === null ? null : { kind: 'topic', topic }
}

function readField(name: string, rest: string): Interest | null {
  if (name === 'code') return { kind: 'code', wanted: !/^(no|0|false)$/i.test(rest.trim()) }
  if (name === 'category') return { kind: 'category', category: rest.trim().toLowerCase() }
  const words = wordsOf(rest)
  return words.length === 0 ? null : { kind: 'author', words }
}

/** The strength of a yes-or-no condition, about that of a rare phrase in the title. */
const MET = 10

/** Returns how strongly a paper matches an interest. 0: no match. */
export function interestStrength(interest: Interest, paper: Matchable, lexicon: Lexicon, usual: number): number {
  if (interest.kind === 'topic') {
    if (!topicMatches(interest.topic, paper.folded)) return 0
    return topicStrength(interest.topic, paper.folded, lexicon, usual)
  }
  return matchesInterest(interest, paper) ? MET : 0
}

/** Whether a paper is what an interest names; as a muted term, whether it goes. */
export function matchesInterest(interest: Interest, { paper, folded, authors }: Matchable): boolean {
  switch (interest.kind) {
    case 'topic':
      return topicMatches(interest.topic, folded)
    case 'exact':
      return folded.exact.includes(` ${interest.phrase} `)
    case 'author':
      return authors.some((name) => interest.words.every((word) => name.includes(word)))
    case 'category':
      return paper.categories.some(
        (each) => each.toLowerCase() === interest.category || each.toLowerCase().startsWith(`${interest.category}.`),
      )
    case 'code':
      return (paper.links.code !== undefined) === interest.wanted
    case 'not':
      return !matchesInterest(interest.of, { paper, folded, authors })
  }
}
