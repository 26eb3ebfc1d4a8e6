import { isIP } from 'node:net'
import { type DoctorFinding, error, ok, warning } from './finding.ts'
import type { DnsResolver } from './resolver.ts'

/** Whether answers and bounces to the sender's domain have somewhere to go (RFC 5321 §5.1, RFC 7505). */
export async function checkMx(domain: string, dns: DnsResolver): Promise<DoctorFinding> {
  const answer = await dns.mx(domain)
  if (answer.kind === 'failed')
    return warning('MX', `DNS gave no answer for ${domain} (${answer.reason}).`, 'Run doctor again when DNS answers.')
  if (answer.kind === 'none')
    return warning(
      'MX',
      `${domain} has no MX record, so replies and bounces are lost.`,
      'Add one, or send from a domain that receives mail.',
    )
  if (answer.records.some(({ exchange }) => exchange === '' || exchange === '.'))
    return error(
      'MX',
      `${domain} says that it takes no mail (null MX); many receivers refuse senders of such a domain (RFC 7505 §4.2).`,
      'Send from a domain that receives mail.',
    )
  return ok('MX', `${domain} receives mail at ${answer.records.map(({ exchange }) => exchange).join(', ')}.`)
}

const PRIVATE = /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd])/i

/**
 * Whether the name of the sending host's address leads back to it, as Gmail's guidelines ask. Only for a server of
 * one's own: a relay's addresses are its own matter, so nothing here is worse than a warning.
 */
export async function checkReverse(host: string, dns: DnsResolver): Promise<DoctorFinding> {
  const check = 'reverse DNS'
  const forward = isIP(host) ? ({ kind: 'found', records: [host] } as const) : await dns.addresses(host)
  if (forward.kind !== 'found')
    return warning(check, `The SMTP server ${host} has no address in DNS.`, 'Look at the host in SMTP_URL.')
  const open = forward.records.filter((address) => !PRIVATE.test(address))
  if (open.length === 0) return ok(check, `${host} is a private address; what it relays through is not seen from here.`)
  for (const address of open) {
    const names = await dns.reverse(address)
    const back = names.kind === 'found' ? await Promise.all(names.records.map((name) => dns.addresses(name))) : []
    if (!back.some((each) => each.kind === 'found' && each.records.includes(address)))
      return warning(
        check,
        `${address} (${host}) has no name that leads back to it; Gmail asks that of sending servers.`,
        'If this server is yours and sends by itself, set its PTR record to a name whose A record is this address.',
      )
  }
  return ok(check, `${host} has names that lead back to its addresses.`)
}
