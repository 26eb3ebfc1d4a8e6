import { createPrivateKey } from 'node:crypto'
import { usageError } from '../../platform/errors.ts'

/** The signing domain and its key. `selector._domainkey.domain` publishes the public key; `privateKey` is PEM text. */
export interface DkimIdentity {
  readonly domain: string
  readonly selector: string
  readonly privateKey: string
}

/**
 * RFC 8058 §4 requires signatures of both unsubscribe fields, and Gmail's feedback loop one of Feedback-ID. The others are
 * the fields of RFC 6376 §5.4.1 that our messages have.
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

/** Returns nodemailer's options for the signature. */
export function dkimOptions({ domain, selector, privateKey }: DkimIdentity) {
  return { domainName: domain, keySelector: selector, privateKey, headerFieldNames: SIGNED_FIELDS }
}

/**
 * Checks the private key. Nodemailer signs with RSA only, and silently sends unsigned messages when it cannot sign.
 * @throws UserError that does not contain the key.
 */
export function checkSigningKey(pem: string): void {
  try {
    if (createPrivateKey(pem).asymmetricKeyType === 'rsa') return
  } catch {
    // Reported below, without the key.
  }
  throw usageError('DKIM_PRIVATE_KEY must be an RSA private key in PEM text.')
}
