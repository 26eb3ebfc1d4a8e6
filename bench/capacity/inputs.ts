import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { usageError } from '../../src/platform/errors.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { flagOf } from '../setup/settings.ts'
import type measured from './costs.json'

/** Costs that `--measure` found: `transports` per digest, `event` per webhook event. CPU times are of the machine named there. */
export type Costs = typeof measured
export const COSTS_FILE = join(PACKAGE_ROOT, 'bench/capacity/costs.json')

const above = z.number().positive()
const price = z.number().min(0)
const machine = z.object({ cores: above, memoryGb: above, perMonth: price })
/** Sizes and plans are sorted from small to large. */
const PRICES = z.object({
  currency: z.string(),
  readOn: z.string(),
  machines: z.object({ worker: machine, sizes: z.array(machine).min(1) }),
  disk: z.object({ perGbMonth: price, gbMax: above, operationsPerSecondMax: above }),
  network: z.object({ perTb: price, gbitPerSecondOfAMachine: above }),
  resend: z.object({ plans: z.array(z.object({ mails: above, perMonth: price })).min(1), callsPerSecond: above }),
  smtp: z.object({ lettersPerAddressDay: above, addressPerMonth: price }),
  assumptions: z.object({
    useOfACore: above.max(1),
    resendCallMs: above,
    smtpLetterMs: above,
    eventsPerLetter: price,
    sendingDaysPerMonth: above.max(31),
    diskHeadroom: z.number().min(1),
  }),
})
export type Prices = z.infer<typeof PRICES>

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 }
/** Each description completes “must be …”, in the help and in errors. */
const QUESTION = z.object({
  subscribers: z.coerce
    .number()
    .int()
    .min(1)
    .max(1e10)
    .default(1e6)
    .describe('a whole number from 1 to 1e10, such as 1e7'),
  window: z
    .stringFormat('time', /^\d+(\.\d+)?[smh]$/)
    .default('2h')
    .transform((text) => Number.parseFloat(text) * (UNIT_SECONDS[text.slice(-1)] ?? 0))
    .refine((seconds) => seconds >= 1 && seconds <= 86_400)
    .describe('a time of at most a day, such as 2h, 90m or 600s'),
  transport: z.enum(['resend', 'smtp']).default('resend').describe('resend or smtp'),
  digestKb: z.coerce.number().min(1).max(1_000).default(55).describe('a number from 1 to 1000'),
  retentionDays: z.coerce.number().min(1).max(3_660).default(90).describe('a number from 1 to 3660'),
  callsPerSecond: z.coerce.number().min(0.1).max(1e5).nullable().default(null).describe('a number from 0.1 to 1e5'),
})

/** Returns what each option must be, by its flag. */
export const OPTIONS: ReadonlyMap<string, string> = new Map(
  Object.entries(QUESTION.shape).map(([name, { description = '' }]) => [flagOf(name), description]),
)

export type Question = ReturnType<typeof readQuestion>

/** @throws UserError (exit code 2) with every wrong option. */
export function readQuestion(options: object) {
  const { data, error } = QUESTION.safeParse(options)
  const wrong = new Set(error?.issues.map(({ path }) => flagOf(String(path[0]))))
  if (data === undefined) throw usageError([...wrong].map((flag) => `${flag} must be ${OPTIONS.get(flag)}.`))
  const { window, digestKb, ...question } = data
  return { ...question, windowSeconds: window, digestBytes: digestKb * 1_000 }
}

/** @throws UserError (exit code 2) that names each figure which is missing or out of range. */
export function readPrices(file = join(PACKAGE_ROOT, 'bench/capacity/prices.json')): Prices {
  const { data, error } = PRICES.safeParse(readJson(file))
  if (data !== undefined) return data
  throw usageError(error.issues.map(({ path, message }) => `${file}: ${path.join('.')}: ${message}.`))
}

export function readCosts(): Costs {
  return readJson(COSTS_FILE) as Costs
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw usageError(`${file} cannot be read as JSON: ${(error as Error).message}.`)
  }
}
