import { createPublicKey } from 'node:crypto'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { buildMime } from '../mail/mime.ts'
import { type DkimIdentity, dkimSigner } from '../mail/smtp/dkim.ts'
import type { Message } from '../mail/transport.ts'
import { type DoctorFinding, error, ok } from './finding.ts'
import type { DnsResolver } from './resolver.ts'

const CHECK = 'DKIM signature'
const MUST_BE_SIGNED = ['from', 'list-unsubscribe', 'list-unsubscribe-post', 'feedback-id']

/**
 * Composes a letter as the SMTP transport does, signs it, and verifies it as a receiver would, with the key that DNS
 * publishes. RFC 8058 §4: both unsubscribe fields must be covered by a signature that holds.
 */
export async function checkSignature(given: Message, dkim: DkimIdentity, dns: DnsResolver): Promise<DoctorFinding> {
  const message = dkimSigner(dkim)(buildMime(given))
  const { results } = await dkimVerify(message, { resolver: resolverOf(dns) })
  const [result] = results
  if (result === undefined)
    return error(CHECK, 'A mail that was just composed carries no signature.', 'Look at the three DKIM_ variables.')
  if (result.status.result !== 'pass')
    return error(
      CHECK,
      `The signature of a mail that was just composed does not hold: ${result.status.comment ?? result.status.result}.`,
      `Publish the public half of DKIM_PRIVATE_KEY: v=DKIM1; k=rsa; p=${publicHalf(dkim.privateKey)}`,
    )
  const signed = signedFields(result)
  const open = MUST_BE_SIGNED.filter((name) => !signed.includes(name))
  if (open.length > 0)
    return error(
      CHECK,
      `The signature does not cover ${open.join(', ')}.`,
      'This is a fault of the program; please report it.',
    )
  return ok(CHECK, `A mail that was just composed verifies, with both List-Unsubscribe fields signed.`)
}

/** The names of the signed fields; mailauth gives them, and its types do not say so. */
function signedFields(result: object): string[] {
  const { keys = '' } = (result as { signingHeaders?: { keys?: string } }).signingHeaders ?? {}
  return keys.toLowerCase().split(/[:\s]+/)
}

function publicHalf(pem: string): string {
  return createPublicKey(pem).export({ type: 'spki', format: 'der' }).toString('base64')
}

/** DNS as mailauth asks it: by name and type, with Node's own error codes. */
function resolverOf(dns: DnsResolver) {
  return async (name: string, type: string): Promise<string[][]> => {
    if (type !== 'TXT') throw Object.assign(new Error(`not asked for: ${type}`), { code: 'ENODATA' })
    const answer = await dns.txt(name)
    if (answer.kind === 'found') return answer.records.map((record) => [record])
    throw Object.assign(new Error(name), { code: answer.kind === 'none' ? 'ENOTFOUND' : 'ESERVFAIL' })
  }
}
