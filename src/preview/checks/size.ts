import { DIGEST_HTML_BYTES_MAX } from '../../../config/limits.ts'
import { GMAIL_CLIP_BYTES } from '../../../config/limits-web.ts'
import type { Message } from '../../mail/transport.ts'
import { mailedBytes } from '../../rendering/fragment.ts'
import { type Check, type CheckFinding, done } from './check.ts'

/** Checks the size of the HTML part. Gmail clips messages above about 102 KB, and our own limit is lower. */
export function checkSize({ html }: Message): Check {
  const bytes = mailedBytes(html)
  const findings: CheckFinding[] = []
  if (bytes > GMAIL_CLIP_BYTES)
    findings.push({
      severity: 'fault',
      words: `Gmail clips this mail after ${kilobytes(GMAIL_CLIP_BYTES)}.`,
    })
  else if (bytes > DIGEST_HTML_BYTES_MAX)
    findings.push({
      severity: 'warning',
      words: `The mail is above our own limit of ${kilobytes(DIGEST_HTML_BYTES_MAX)}, and close to Gmail’s.`,
    })
  return done('size', 'Size', findings, `${kilobytes(bytes)} of ${kilobytes(GMAIL_CLIP_BYTES)}`)
}

/** Formats bytes as `87.9 KB`, in units of 1,024 bytes like Gmail's limit. */
export function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toLocaleString('en-US', { maximumFractionDigits: 1 })} KB`
}
