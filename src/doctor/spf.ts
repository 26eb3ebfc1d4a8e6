import { type DoctorFinding, error, ok, warning } from './finding.ts'
import type { DnsResolver } from './resolver.ts'

const LOOKUPS_MAX = 10 // RFC 7208 §4.6.4: a receiver gives up beyond this.
const DEPTH_MAX = 10
const CHECK = 'SPF'

interface Walk {
  lookups: number
  readonly missing: string[]
  readonly seen: Set<string>
  failed: string | null
}

/**
 * Reads the SPF record of a domain as a receiver would (RFC 7208): exactly one, at most ten look-ups, every include
 * there, and an end that says no to others.
 */
export async function checkSpf(domain: string, dns: DnsResolver): Promise<DoctorFinding> {
  const records = await spfRecords(domain, dns)
  if (records.kind === 'failed')
    return warning(CHECK, `DNS gave no answer for ${domain} (${records.reason}).`, 'Run doctor again when DNS answers.')
  const [record, second] = records.found
  if (record === undefined) {
    return error(
      CHECK,
      `${domain} has no SPF record, so receivers cannot tell your servers from others.`,
      `Add a TXT record at ${domain}, such as “v=spf1 include:… -all”, with what your provider names.`,
    )
  }
  if (second !== undefined)
    return error(
      CHECK,
      `${domain} has ${records.found.length} SPF records; receivers refuse them all (RFC 7208 §4.5).`,
      'Merge them into one.',
    )
  const walk: Walk = { lookups: 0, missing: [], seen: new Set([domain]), failed: null }
  await follow(record, dns, walk, 0)
  return judge(domain, record, walk)
}

function judge(domain: string, record: string, walk: Walk): DoctorFinding {
  const [missing] = walk.missing
  if (missing !== undefined)
    return error(
      CHECK,
      `The SPF record of ${domain} includes ${missing}, which has none; receivers refuse the whole (RFC 7208 §5.2).`,
      `Take the include of ${missing} out, or mend its name.`,
    )
  if (walk.lookups > LOOKUPS_MAX)
    return error(
      CHECK,
      `The SPF record of ${domain} needs ${walk.lookups} DNS look-ups; receivers stop at ${LOOKUPS_MAX} (RFC 7208 §4.6.4).`,
      'Take out includes that you no longer need, or name addresses with ip4: and ip6:.',
    )
  if (walk.failed !== null)
    return warning(
      CHECK,
      `DNS gave no answer for ${walk.failed}, which the SPF record of ${domain} includes.`,
      'Run doctor again.',
    )
  const end = /(?:^|\s)([+?~-]?)all(?=\s|$)/i.exec(record)?.[1]
  if (end === '' || end === '+')
    return error(CHECK, `The SPF record of ${domain} lets the whole world send (+all).`, 'End it with -all or ~all.')
  if ((end === undefined || end === '?') && !/\sredirect=/i.test(record))
    return warning(CHECK, `The SPF record of ${domain} says nothing about other senders.`, 'End it with -all or ~all.')
  if (/\sptr[\s:]|\sptr$/i.test(record))
    return warning(
      CHECK,
      `The SPF record of ${domain} uses ptr, which receivers may ignore (RFC 7208 §5.5).`,
      'Name addresses or includes instead.',
    )
  return ok(CHECK, `${domain} has one SPF record with ${walk.lookups} of ${LOOKUPS_MAX} look-ups.`)
}

/** Counts the terms that cost a look-up, here and in what is included. */
async function follow(record: string, dns: DnsResolver, walk: Walk, depth: number): Promise<void> {
  for (const term of record.split(/\s+/).slice(1)) {
    const [, kind = '', target] =
      /^[+?~-]?(include|redirect|a|mx|ptr|exists)(?:[:=]([^/]+))?(?:\/\S*)?$/i.exec(term) ?? []
    if (kind === '') continue
    walk.lookups += 1
    if (!/^(include|redirect)$/i.test(kind) || target === undefined || target.includes('%')) continue
    if (walk.seen.has(target) || depth >= DEPTH_MAX || walk.lookups > LOOKUPS_MAX * 2) continue
    walk.seen.add(target)
    const records = await spfRecords(target, dns)
    if (records.kind === 'failed') walk.failed = target
    else if (records.found[0] === undefined) walk.missing.push(target)
    else await follow(records.found[0], dns, walk, depth + 1)
  }
}

async function spfRecords(domain: string, dns: DnsResolver) {
  const answer = await dns.txt(domain)
  if (answer.kind === 'failed') return { kind: 'failed', reason: answer.reason } as const
  const all = answer.kind === 'none' ? [] : answer.records
  return { kind: 'read', found: all.filter((text) => /^v=spf1(\s|$)/i.test(text)) } as const
}
