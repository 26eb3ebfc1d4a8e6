/**
 * Returns the edit distance of two words: changes, insertions, deletions and swaps of neighbours (optimal string alignment).
 * It stops early and returns `most + 1` for words that are further apart.
 * `fastest-levenshtein` counts a swap as two changes, which typo suggestions must count as one.
 */
export function distance(a: string, b: string, most = 2): number {
  if (Math.abs(a.length - b.length) > most) return most + 1
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i += 1) {
    const row = nextRow(a, b, i, above, before)
    // A swap uses the row before the last, so both rows must exceed the limit.
    if (least(row) > most && least(above) > most) return most + 1
    before = above
    above = row
  }
  return Math.min(above[b.length] ?? 0, most + 1)
}

function nextRow(a: string, b: string, i: number, above: readonly number[], before: readonly number[]): number[] {
  const row = [i]
  for (let j = 1; j <= b.length; j += 1) {
    const cost = a[i - 1] === b[j - 1] ? 0 : 1
    let best = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + cost)
    if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
      best = Math.min(best, (before[j - 2] ?? 0) + 1)
    row.push(best)
  }
  return row
}

function least(row: readonly number[]): number {
  return Math.min(...row)
}
