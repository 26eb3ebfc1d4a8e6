import type { ResendServer } from '../servers/resend/server.ts'

/** Addresses by how often they were really mailed, by the provider's own log. */
export function tally(server: ResendServer): Record<number, number> {
  const times = new Map<string, number>()
  for (const { recipients } of server.delivered) for (const to of recipients) times.set(to, (times.get(to) ?? 0) + 1)
  const counts: Record<number, number> = {}
  for (const count of times.values()) counts[count] = (counts[count] ?? 0) + 1
  return counts
}
