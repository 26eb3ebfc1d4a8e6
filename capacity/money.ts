import type { Fleet } from './machines.ts'
import type { Prices } from './prices.ts'
import type { ProviderPlan } from './provider.ts'

export interface Bill {
  readonly currency: string
  /** A month. null: it is not published. */
  readonly lines: readonly { readonly name: string; readonly perMonth: number | null }[]
  /** Of the lines that are known. */
  readonly perMonth: number
  readonly complete: boolean
}

interface BillParts {
  readonly fleet: Fleet
  /** Of one installation’s PostgreSQL. */
  readonly diskBytes: number
  readonly installations: number
  readonly trafficTbPerMonth: number
  readonly provider: ProviderPlan
  readonly prices: Prices
}

/** In whole units of the currency, each line rounded up, so that the lines add up to the sum as printed. */
export function billOf({ fleet, diskBytes, installations, trafficTbPerMonth, provider, prices }: BillParts): Bill {
  const databases = fleet.tiers.some(({ name }) => name === 'PostgreSQL') ? 2 : 1
  const disks = (diskBytes / 1e9) * installations * databases * prices.disk.perGbMonth
  const lines = [
    ...fleet.tiers.map(({ name, machines, machine }) => ({ name, perMonth: machines * machine.perMonth })),
    { name: `disks of PostgreSQL${databases === 2 ? ', twice' : ''}`, perMonth: disks },
    { name: 'traffic', perMonth: trafficTbPerMonth * prices.network.perTb },
    provider.addresses === null
      ? { name: 'Resend', perMonth: provider.plan?.perMonth ?? null }
      : { name: 'addresses', perMonth: provider.addresses * prices.smtp.addressPerMonth },
  ].map(({ name, perMonth }) => ({ name, perMonth: perMonth === null ? null : Math.ceil(perMonth) }))
  return {
    currency: prices.currency,
    lines,
    perMonth: lines.reduce((sum, { perMonth }) => sum + (perMonth ?? 0), 0),
    complete: lines.every(({ perMonth }) => perMonth !== null),
  }
}
