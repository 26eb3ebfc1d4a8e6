import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { usageError } from '../src/platform/errors.ts'
import { PACKAGE_ROOT } from '../src/platform/paths.ts'

const above = z.number().positive()
const machine = z.object({ cores: above, memoryGb: above, perMonth: z.number().min(0) })
const SCHEMA = z.object({
  currency: z.string(),
  /** When providers’ plans were looked up. */
  readOn: z.string(),
  /** Sizes from small to large; the last is the largest that is to be had. */
  machines: z.object({ worker: machine, sizes: z.array(machine).min(1) }),
  disk: z.object({ perGbMonth: z.number().min(0), gbMax: above, operationsPerSecondMax: above }),
  network: z.object({ perTb: z.number().min(0), gbitPerSecondOfAMachine: above }),
  /** Plans from small to large. */
  resend: z.object({
    plans: z.array(z.object({ mails: above, perMonth: z.number().min(0) })).min(1),
    callsPerSecond: above,
  }),
  smtp: z.object({ lettersPerAddressDay: above, addressPerMonth: z.number().min(0) }),
  assumptions: z.object({
    useOfACore: above.max(1),
    resendCallMs: above,
    smtpLetterMs: above,
    eventsPerLetter: z.number().min(0),
    sendingDaysPerMonth: above.max(31),
    diskHeadroom: z.number().min(1),
  }),
})
export type Prices = z.infer<typeof SCHEMA>
export type Machine = z.infer<typeof machine>

export const PRICES_FILE = join(PACKAGE_ROOT, 'capacity/prices.json')

/** @throws Fault (exit code 2) that names each figure which is missing or cannot be. */
export function readPrices(file = PRICES_FILE): Prices {
  const parsed = SCHEMA.safeParse(readJson(file))
  if (parsed.success) return parsed.data
  throw usageError(parsed.error.issues.map(({ path, message }) => `${file}: ${path.join('.')}: ${message}.`))
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw usageError(`${file} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}.`)
  }
}
