import { usageError } from '../../platform/errors.ts'

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000 } as const

/** Returns the milliseconds of an option such as `90s`, `10m` or `2h`. Throws a UserError (exit 2) if it is not a duration. */
export function durationOption(option: string, text: string): number {
  const [, number = '', unit = 's'] = /^(\d{1,6})([smh])$/.exec(text.trim()) ?? []
  const ms = Number(number) * UNIT_MS[unit as keyof typeof UNIT_MS]
  if (number === '' || ms === 0)
    throw usageError(
      `${option} ${text} is not a duration. Write it as a number with s, m or h, such as 90s, 10m or 2h.`,
    )
  return ms
}
