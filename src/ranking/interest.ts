import type { Paper } from '../domain/paper.ts'
import { type FoldedText, readTopic, type Topic, topicMatches, topicStrength } from './topic.ts'
import type { Lexicon } from './words/lexicon.ts'
import { wordsOf } from './words/words.ts'

/** One parsed line of a subscriber’s interests. */
export type Interest =
  | { readonly kind: 'topic'; readonly topic: Topic }
  /** `"sparse retrieval"`: exactly these words in this order. */
  | { readonly kind: 'exact'; readonly phrase: string }
  /** `author:Lovelace`: the name of one author contains all these words. */
  | { readonly kind: 'author'; readonly words: readonly string[] }
  /** `category:cs.CL`, or `category:cs` for all its subcategories. */
  | { readonly kind: 'category'; readonly category: string }
  /** `code:yes` or `code:no`: papers with or without code. */
  | { readonly kind: 'code'; readonly wanted: boolean }
  /** `-robots`: excludes matching papers. */
  | { readonly kind: 'not'; readonly of: Interest }

/** The folded text of a paper, and the paper itself for other conditions. */
export interface Matchable {
  readonly paper: Paper
  readonly folded: FoldedText
  readonly authors: readonly (readonly string[])[]
}

/** Parses an interest or muted term. Returns null if it contains no words. */
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

/** The strength of a yes-or-no condition that is met. A rare phrase in the title has about the same. */
const CONDITION_STRENGTH = 10

/** Returns how strongly a paper matches an interest; 0 means no match. `usualLength` is the mean length of the papers. */
export function interestStrength(interest: Interest, paper: Matchable, lexicon: Lexicon, usualLength: number): number {
  if (interest.kind === 'topic') {
    if (!topicMatches(interest.topic, paper.folded)) return 0
    return topicStrength(interest.topic, paper.folded, lexicon, usualLength)
  }
  return matchesInterest(interest, paper) ? CONDITION_STRENGTH : 0
}

/** Returns whether a paper matches an interest. A paper that matches a muted term is excluded. */
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
