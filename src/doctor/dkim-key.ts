import { createPublicKey, type KeyObject } from 'node:crypto'
import { type DoctorFinding, error, ok, warning } from './finding.ts'
import type { DnsResolver } from './resolver.ts'

const CHECK = 'DKIM key'
const BITS_LEAST = 1024 // RFC 8301 §3.2: verifiers must take no less.
const BITS_WANTED = 2048

/** The DNS name of a DKIM key, and the expected key if the program signs messages itself. */
export interface DkimPlace {
  readonly domain: string
  readonly selector: string
  /** null: the provider signs, and we do not know its key. */
  readonly ours: KeyObject | null
}

/** Reads the published DKIM key (RFC 6376 §3.6.1): there, not revoked, long enough, and the one that we sign with. */
export async function checkDkimKey({ domain, selector, ours }: DkimPlace, dns: DnsResolver): Promise<DoctorFinding> {
  const name = `${selector}._domainkey.${domain}`
  const answer = await dns.txt(name)
  if (answer.kind === 'failed')
    return warning(CHECK, `DNS gave no answer for ${name} (${answer.reason}).`, 'Run doctor again when DNS answers.')
  const record = answer.kind === 'none' ? undefined : answer.records.find((text) => /(^|;)\s*p=/i.test(text))
  if (record === undefined)
    return error(CHECK, `There is no DKIM key at ${name}; every signature fails.`, publish(name, ours))
  const tags = readTags(record)
  if (tags.get('p') === '') return error(CHECK, `The DKIM key at ${name} is revoked (empty p=).`, publish(name, ours))
  const key = readKey(tags)
  if (key === null)
    return error(
      CHECK,
      `The DKIM key at ${name} cannot be read; it may have been cut when it was pasted.`,
      publish(name, ours),
    )
  const bits = key.asymmetricKeyDetails?.modulusLength ?? BITS_WANTED
  if (bits < BITS_LEAST)
    return error(
      CHECK,
      `The DKIM key at ${name} has ${bits} bits; receivers ignore fewer than ${BITS_LEAST}.`,
      'Make one of 2048 bits.',
    )
  if (ours !== null && !key.equals(ours))
    return error(
      CHECK,
      `The DKIM key at ${name} is not the one of DKIM_PRIVATE_KEY; every signature fails.`,
      publish(name, ours),
    )
  if ((tags.get('t') ?? '').split(':').includes('y'))
    return warning(
      CHECK,
      `The DKIM key at ${name} is marked as a test (t=y), so receivers may ignore it.`,
      'Take t=y out.',
    )
  if (bits < BITS_WANTED)
    return warning(
      CHECK,
      `The DKIM key at ${name} has ${bits} bits.`,
      `Make one of ${BITS_WANTED} bits (RFC 8301 §3.2).`,
    )
  return ok(CHECK, `${name} publishes a key of ${bits} bits${ours === null ? '' : ', the one that signs here'}.`)
}

function publish(name: string, ours: KeyObject | null): string {
  if (ours === null) return `Add the record that your provider shows for ${name}.`
  const key = ours.export({ type: 'spki', format: 'der' }).toString('base64')
  return `Add a TXT record at ${name}: v=DKIM1; k=rsa; p=${key}`
}

function readTags(record: string): Map<string, string> {
  return new Map(
    record.split(';').map((tag): [string, string] => {
      const at = tag.indexOf('=')
      return [tag.slice(0, at).trim().toLowerCase(), tag.slice(at + 1).replace(/\s+/g, '')]
    }),
  )
}

function readKey(tags: ReadonlyMap<string, string>): KeyObject | null {
  if ((tags.get('k') ?? 'rsa') !== 'rsa') return null
  try {
    return createPublicKey({ key: Buffer.from(tags.get('p') ?? '', 'base64'), format: 'der', type: 'spki' })
  } catch {
    return null
  }
}
