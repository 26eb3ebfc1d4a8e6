import { createPrivateKey } from 'node:crypto'
import { usageError } from '../../platform/errors.ts'

/** Who signs: `selector._domainkey.domain` publishes the key. `privateKey` is PEM text. */
export interface DkimIdentity {
  readonly domain: string
  readonly selector: string
  readonly privateKey: string
}

/**
 * RFC 8058 §4 wants both unsubscribe fields signed; Gmail wants Feedback-ID signed for its feedback loop. The others
 * are those of RFC 6376 §5.4.1 that our letters have.
 */
const SIGNED_FIELDS = [
  'From',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'MIME-Version',
  'Content-Type',
  'Reply-To',
  'List-Id',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'Feedback-ID',
  'Auto-Submitted',
].join(':')

/** The signature as nodemailer is told to make it. */
export function dkimOptions({ domain, selector, privateKey }: DkimIdentity) {
  return { domainName: domain, keySelector: selector, privateKey, headerFieldNames: SIGNED_FIELDS }
}

/** Nodemailer signs with RSA only, and sends a letter unsigned, without a word, when it cannot. */
export function checkSigningKey(pem: string): void {
  try {
    if (createPrivateKey(pem).asymmetricKeyType === 'rsa') return
  } catch {
    // Said below, without the key.
  }
  throw usageError('DKIM_PRIVATE_KEY must be an RSA private key in PEM text.')
}
