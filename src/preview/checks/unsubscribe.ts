import type { Message } from '../../mail/transport.ts'
import { type Check, type CheckFinding, done } from './check.ts'
import { elementsOf, parseMail } from './markup.ts'

/** Kinds of mail to people without a subscription, who cannot unsubscribe. */
const WITHOUT = ['confirm', 'address-confirm', 'goodbye', 'address-changed']

/**
 * Checks the unsubscribe headers (RFC 8058 §3.1, required by Gmail and Yahoo from bulk senders) and the visible links
 * (CAN-SPAM §5(a)(3)).
 */
export function checkUnsubscribe(message: Message): Check {
  const { headers, html, text, tags } = message
  const kind = tags.kind ?? ''
  const findings: CheckFinding[] = []
  const add = (wrong: boolean, words: string) => wrong && findings.push({ severity: 'fault', words })
  add(
    headers['Auto-Submitted'] === undefined,
    'No Auto-Submitted header (RFC 3834 §5): out-of-office replies will answer it.',
  )
  add(headers['List-Id'] === undefined, 'No List-Id header (RFC 2919): recipients cannot filter by it.')
  if (WITHOUT.includes(kind)) return done('unsubscribe', 'Unsubscribing', findings, 'Nothing to unsubscribe from')
  const ways = headers['List-Unsubscribe'] ?? ''
  const address = /<(https?:[^>]+)>/.exec(ways)?.[1]
  add(ways === '', 'No List-Unsubscribe header (RFC 8058 §3.1).')
  add(ways !== '' && address === undefined, 'List-Unsubscribe has no web address, which one-click unsubscribe needs.')
  add(
    headers['List-Unsubscribe-Post'] !== 'List-Unsubscribe=One-Click',
    'No List-Unsubscribe-Post: List-Unsubscribe=One-Click header (RFC 8058 §3.1).',
  )
  const links = elementsOf(parseMail(html), 'a').filter(({ attribs }) => (attribs.href ?? '').includes('/unsubscribe/'))
  add(links.length === 0, 'The HTML part has no unsubscribe link.')
  if (kind === 'digest' && links.length === 1)
    findings.push({
      severity: 'warning',
      words: 'There is only one unsubscribe link. A digest has one at the top and one at the bottom.',
    })
  add(!text.includes('/unsubscribe/'), 'The text part has no unsubscribe link.')
  return done('unsubscribe', 'Unsubscribing', findings, `${links.length} links, one-click by RFC 8058`)
}
