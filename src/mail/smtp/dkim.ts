import { createHash, createPrivateKey, type KeyObject } from 'node:crypto'
import signFields from 'nodemailer/lib/dkim/sign'
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

/**
 * Returns a function that puts a DKIM-Signature before a message with CRLF line ends (RFC 6376, relaxed/relaxed). Nodemailer
 * writes the field. Its signer of whole messages walks over each byte and reads the PEM text again for each message, which
 * took 1.3 ms of 2.
 * @throws UserError that does not contain the key, when the key cannot sign.
 */
export function dkimSigner({ domain, selector, privateKey }: DkimIdentity): (mime: Buffer) => Buffer {
  const options = {
    domainName: domain,
    keySelector: selector,
    privateKey: readSigningKey(privateKey),
    headerFieldNames: SIGNED_FIELDS,
  }
  return (mime) => {
    const bodyAt = mime.indexOf('\r\n\r\n') + 4
    const field = signFields(
      fieldsOf(mime.toString('latin1', 0, bodyAt - 4)),
      'sha256',
      bodyHash(mime, bodyAt),
      options,
    )
    // Nodemailer would send the message unsigned.
    if (field === false) throw new Error('The DKIM key cannot sign')
    return Buffer.concat([Buffer.from(`${field}\r\n`), mime])
  }
}

function fieldsOf(head: string): { key: string; line: string }[] {
  return head
    .split(/\r\n(?![ \t])/)
    .map((line) => ({ key: line.slice(0, line.indexOf(':')).trim().toLowerCase(), line }))
}

/** Returns the hash of the relaxed body (RFC 6376 §3.4.4): spaces are reduced, and empty lines at the end left out. */
function bodyHash(mime: Buffer, bodyAt: number): string {
  const relaxed = mime
    .toString('latin1', bodyAt)
    .replace(/[ \t]{2,}|\t/g, ' ')
    .replaceAll(' \r\n', '\r\n')
  let end = relaxed.endsWith(' ') ? relaxed.length - 1 : relaxed.length
  while (relaxed.endsWith('\r\n', end)) end -= 2
  const hash = createHash('sha256')
  if (end > 0) hash.update(relaxed.slice(0, end), 'latin1').update('\r\n')
  return hash.digest('base64')
}

/**
 * Reads the private key. Nodemailer signs with RSA only.
 * @throws UserError that does not contain the key.
 */
function readSigningKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'rsa') return key
  } catch {
    // Reported below, without the key.
  }
  throw usageError('DKIM_PRIVATE_KEY must be an RSA private key in PEM text.')
}
