import { type DoctorFinding, error, ok, warning } from './finding.ts'
import type { DnsResolver } from './resolver.ts'

const CHECK = 'DMARC'
const LABELS_LEAST = 2

/**
 * Reads the DMARC policy of the sender's domain, or of the nearest domain above it (RFC 7489 §6.6.3), and whether our
 * signature's domain agrees with it. Gmail and Yahoo ask senders of more than 5,000 mails a day for at least `p=none`.
 * @param signing the domain of the DKIM signature, or null when none is known.
 */
export async function checkDmarc(domain: string, signing: string | null, dns: DnsResolver): Promise<DoctorFinding> {
  const found = await findPolicy(domain, dns)
  if (found.kind === 'failed')
    return warning(
      CHECK,
      `DNS gave no answer for ${found.name} (${found.reason}).`,
      'Run doctor again when DNS answers.',
    )
  const [record, second] = found.records
  if (record === undefined)
    return error(
      CHECK,
      `${domain} has no DMARC policy; Gmail and Yahoo refuse bulk senders without one.`,
      `Add a TXT record at _dmarc.${domain}: v=DMARC1; p=none; rua=mailto:dmarc@${domain}`,
    )
  if (second !== undefined)
    return error(
      CHECK,
      `${found.name} has ${found.records.length} DMARC records; receivers ignore them all.`,
      'Keep one.',
    )
  return judge(domain, signing, found.name, readTags(record))
}

function judge(domain: string, signing: string | null, name: string, tags: ReadonlyMap<string, string>): DoctorFinding {
  const policy = tags.get('p') ?? ''
  if (!['none', 'quarantine', 'reject'].includes(policy))
    return error(CHECK, `The DMARC record at ${name} has no valid p=.`, 'Set p=none, p=quarantine or p=reject.')
  const strict = tags.get('adkim') === 's'
  if (signing !== null && !aligned(signing, domain, name, strict))
    return error(
      CHECK,
      `Mails from ${domain} are signed by ${signing}, which does not agree with it${strict ? ' under adkim=s' : ''} (RFC 7489 §3.1.1).`,
      `Set DKIM_DOMAIN to ${domain}, or MAIL_FROM to an address in ${signing}.`,
    )
  if (!(tags.get('rua') ?? '').startsWith('mailto:'))
    return warning(
      CHECK,
      `The DMARC record at ${name} asks for no reports, so failures go unseen.`,
      'Add rua=mailto:… to it.',
    )
  if (policy === 'none')
    return warning(
      CHECK,
      `The DMARC policy at ${name} is none: anybody may send in your name.`,
      'When the reports show only your own mail, set p=quarantine.',
    )
  return ok(CHECK, `${name} says ${policy}${signing === null ? '' : ', and our signature agrees with it'}.`)
}

/** Strict: they are the same. Relaxed: both are the domain that has the policy, or lie under it. */
function aligned(signing: string, from: string, place: string, strict: boolean): boolean {
  const above = place.slice('_dmarc.'.length).toLowerCase()
  const under = (domain: string) => domain === above || domain.endsWith(`.${above}`)
  const [a, b] = [signing.toLowerCase(), from.toLowerCase()]
  return a === b || (!strict && under(a) && under(b))
}

async function findPolicy(domain: string, dns: DnsResolver) {
  const labels = domain.split('.')
  for (let from = 0; labels.length - from >= LABELS_LEAST; from += 1) {
    const name = `_dmarc.${labels.slice(from).join('.')}`
    const answer = await dns.txt(name)
    if (answer.kind === 'failed') return { kind: 'failed', name, reason: answer.reason } as const
    const records = answer.kind === 'none' ? [] : answer.records.filter((text) => /^v=DMARC1\s*(;|$)/i.test(text))
    if (records.length > 0) return { kind: 'read', name, records } as const
  }
  return { kind: 'read', name: `_dmarc.${domain}`, records: [] as string[] } as const
}

function readTags(record: string): Map<string, string> {
  return new Map(
    record.split(';').map((tag): [string, string] => {
      const at = tag.indexOf('=')
      return [
        tag.slice(0, at).trim().toLowerCase(),
        tag
          .slice(at + 1)
          .trim()
          .toLowerCase(),
      ]
    }),
  )
}
