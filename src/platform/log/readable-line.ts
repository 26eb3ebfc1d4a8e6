import { levels } from 'pino'

/**
 * Returns a JSON line of the log as a person reads it in a terminal: time of day in UTC, level, message, and the other values.
 * Returns a line that is not JSON as it is.
 */
export function readableLine(line: string): string {
  let entry: Record<string, unknown>
  try {
    entry = JSON.parse(line)
  } catch {
    return line
  }
  const { level, time, pid: _pid, msg, ...values } = entry
  const at = new Date(Number(time)).toISOString().slice(11, 19)
  const told = Object.entries(values).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return `${[`${at} ${levels.labels[Number(level)] ?? 'log'}: ${msg ?? ''}`, ...told].join(' · ')}\n`
}
