import { WARM_UP_DAYS, WARM_UP_FIRST_DAY_DEFAULT } from '../config/limits.ts'
import { addDays, type Day } from '../src/domain/day.ts'
import { allowanceOn } from '../src/domain/warmup.ts'
import type { Prices } from './prices.ts'
import type { Question } from './question.ts'

export interface WarmUpPlan {
  /** From which day on the ramp allows everybody; null: it ends before it does. */
  readonly days: number | null
  /** What its last day allows one domain. */
  readonly lastDayAllows: number
  /** Domains, or installations with one each, among which the list would have to be shared. */
  readonly domains: number
}

export interface ProviderPlan {
  readonly mailsPerMonth: number
  /** The smallest published plan that is large enough; null: there is none, ask them. */
  readonly plan: { readonly mails: number; readonly perMonth: number } | null
  /** Over SMTP: addresses of one’s own from which to send. */
  readonly addresses: number | null
  readonly warmUp: WarmUpPlan
}

export function providerOf({ subscribers, transport }: Question, prices: Prices): ProviderPlan {
  const mailsPerMonth = subscribers * prices.assumptions.sendingDaysPerMonth
  const plan = prices.resend.plans.find(({ mails }) => mails >= mailsPerMonth) ?? null
  return {
    mailsPerMonth,
    plan: transport === 'resend' ? plan : null,
    addresses: transport === 'smtp' ? Math.ceil(subscribers / prices.smtp.lettersPerAddressDay) : null,
    warmUp: warmUpOf(subscribers),
  }
}

/** The program’s own ramp (WARMUP_START), day by day. */
function warmUpOf(subscribers: number): WarmUpPlan {
  const start = '2026-01-01' as Day
  const allowed = Array.from(
    { length: WARM_UP_DAYS },
    (_, day) => allowanceOn(addDays(start, day), { start, firstDay: WARM_UP_FIRST_DAY_DEFAULT }) ?? 0,
  )
  const enough = allowed.findIndex((mails) => mails >= subscribers)
  const lastDayAllows = allowed.at(-1) ?? 0
  return {
    days: enough < 0 ? null : enough + 1,
    lastDayAllows,
    domains: Math.ceil(subscribers / lastDayAllows),
  }
}
