import { DIGEST_HTML_BYTES_MAX } from '../../../config/limits.ts'
import { GMAIL_CLIP_BYTES } from '../../../config/limits-web.ts'
import type { Message } from '../../mail/transport.ts'
import { mailedBytes } from '../../rendering/fragment.ts'
import { type Check, type CheckFinding, done } from './check.ts'

/** Gmail clips a message whose HTML is longer than about 102 KB; what we write stays below our own bound. */
export function checkSize({ html }: Message): Check {
  const bytes = mailedBytes(html)
  const findings: CheckFinding[] = []
  if (bytes > GMAIL_CLIP_BYTES)
    findings.push({
      severity: 'fault',
      words: `Gmail clips this mail: it shows the first ${kilobytes(GMAIL_CLIP_BYTES)} only.`,
    })
  else if (bytes > DIGEST_HTML_BYTES_MAX)
    findings.push({
      severity: 'warning',
      words: `Above our own bound of ${kilobytes(DIGEST_HTML_BYTES_MAX)}, close to Gmail’s.`,
    })
  return done('size', 'Size', findings, `${kilobytes(bytes)} of ${kilobytes(GMAIL_CLIP_BYTES)}`)
}

/** `87.9 KB`, in units of 1,024 bytes, as Gmail's 102 KB is meant. */
export function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toLocaleString('en-US', { maximumFractionDigits: 1 })} KB`
}
