/** The text of each figure by its name. */
export type Lines = Readonly<Record<string, string>>

const WORDS: Readonly<Record<string, string>> = {
  gbit: 'Gbit',
  tb: 'TB',
  cpu: 'CPU',
  wal: 'WAL',
  micros: 'in µs',
  postgres: 'PostgreSQL',
  redis: 'Redis',
  reader: 'subscriber',
  readers: 'subscribers',
}

/** Writes `growthBytesPerMonth` as “growth per month”, with the unit beside the figure. */
export function figuresOf(prefix: string, figures: Readonly<Record<string, number>>): Lines {
  const words = (key: string) =>
    key
      .replace('Bytes', '')
      .split(/(?=[A-Z])/)
      .map((word) => word.toLowerCase())
  const lines = Object.entries(figures).map(([key, value]) => [
    prefix +
      words(key)
        .map((word) => WORDS[word] ?? word)
        .join(' '),
    key.includes('Bytes') ? sizeOf(value) : figure(value),
  ])
  return Object.fromEntries(lines)
}

function sizeOf(bytes: number): string {
  if (bytes >= 1e9) return `${figure(bytes / 1e9)} GB`
  return bytes >= 1e6 ? `${figure(bytes / 1e6)} MB` : `${figure(bytes / 1e3)} kB`
}

export function whole(value: number | null): string {
  return value === null ? '' : Math.round(value).toLocaleString('en')
}

/** Rounds to three figures, which is all that a measurement can tell. */
export function figure(value: number): string {
  return value >= 100 ? whole(value) : String(Number(value.toPrecision(3)))
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [high = 0, low = 0] = [sorted[middle], sorted[middle - 1]]
  return sorted.length % 2 === 1 ? high : (high + low) / 2
}
