import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../../platform/paths.ts'
import type { FeatureVector } from '../../feedback/svm.ts'

/** A text in numbered features with the weights of scikit-learn's TfidfVectorizer: sublinear counts, smoothed idf, length one. */
export type Vectorizer = (text: string) => FeatureVector

/** The recipe of arxiv-sanity-lite: words and pairs of words, at most this many. */
export const VECTORIZER_FEATURES_MAX = 20_000

/**
 * Fits a vectorizer to the texts of an archive: lower case without accents, words of two or more characters that begin with a
 * letter, without English stop words, and pairs of neighbours. The most frequent features are kept.
 */
export function fitVectorizer(texts: readonly string[]): Vectorizer {
  const stopWords = readStopWords()
  const gramsOf = (text: string) => countGrams(text, stopWords)
  const total = new Map<string, number>()
  const inTexts = new Map<string, number>()
  for (const text of texts)
    for (const [gram, count] of gramsOf(text)) {
      total.set(gram, (total.get(gram) ?? 0) + count)
      inTexts.set(gram, (inTexts.get(gram) ?? 0) + 1)
    }
  const kept = [...total].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, VECTORIZER_FEATURES_MAX)
  const idf = new Map(
    kept.map(([gram], number) => [
      gram,
      { number, idf: Math.log((1 + texts.length) / (1 + (inTexts.get(gram) ?? 0))) + 1 },
    ]),
  )
  return (text) => {
    const found: { readonly number: number; readonly weight: number }[] = []
    for (const [gram, count] of gramsOf(text)) {
      const known = idf.get(gram)
      if (known !== undefined) found.push({ number: known.number, weight: (1 + Math.log(count)) * known.idf })
    }
    found.sort((a, b) => a.number - b.number)
    const length = Math.hypot(...found.map(({ weight }) => weight)) || 1
    return {
      features: Int32Array.from(found, ({ number }) => number),
      weights: Float64Array.from(found, ({ weight }) => weight / length),
    }
  }
}

/** Returns the words of english-stop-words.txt. */
function readStopWords(): ReadonlySet<string> {
  return new Set(readFileSync(join(PACKAGE_ROOT, 'src/ranking/eval/people/english-stop-words.txt'), 'utf8').split('\n'))
}

function countGrams(text: string, stopWords: ReadonlySet<string>): Map<string, number> {
  const words = (
    text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/(?<![\p{L}\p{N}_])[a-z_][a-z0-9_]+(?![\p{L}\p{N}_])/gu) ?? []
  ).filter((word) => !stopWords.has(word))
  const counts = new Map<string, number>()
  const add = (gram: string) => counts.set(gram, (counts.get(gram) ?? 0) + 1)
  for (const [at, word] of words.entries()) {
    add(word)
    const next = words[at + 1]
    if (next !== undefined) add(`${word} ${next}`)
  }
  return counts
}
