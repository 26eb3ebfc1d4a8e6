import type { Message } from '../../mail/transport.ts'
import { type Check, type CheckFinding, done } from './check.ts'
import { elementsOf, parseMail } from './markup.ts'

/** Mails to people who are not subscribed (any more): there is nothing to unsubscribe from. */
const WITHOUT = ['confirm', 'address-confirm', 'goodbye', 'address-changed']

/**
 * The ways to unsubscribe: List-Unsubscribe and List-Unsubscribe-Post (RFC 8058 §3.1, asked for by Gmail and Yahoo of
 * bulk senders), and links that people see (CAN-SPAM §5(a)(3)).
 */
export function checkLeaving(message: Message): Check {
  const { headers, html, text, tags } = message
  const kind = tags.kind ?? ''
  const findings: CheckFinding[] = []
  const add = (wrong: boolean, words: string) => wrong && findings.push({ severity: 'fault', words })
  add(headers['Auto-Submitted'] === undefined, 'No Auto-Submitted header (RFC 3834 §5): holiday notices will answer.')
  add(headers['List-Id'] === undefined, 'No List-Id header (RFC 2919): readers cannot filter by it.')
  if (WITHOUT.includes(kind)) return done('leaving', 'Unsubscribing', findings, 'Nothing to unsubscribe from')
  const ways = headers['List-Unsubscribe'] ?? ''
  const address = /<(https?:[^>]+)>/.exec(ways)?.[1]
  add(ways === '', 'No List-Unsubscribe header (RFC 8058 §3.1).')
  add(ways !== '' && address === undefined, 'List-Unsubscribe holds no web address, which one-click needs.')
  add(
    headers['List-Unsubscribe-Post'] !== 'List-Unsubscribe=One-Click',
    'No List-Unsubscribe-Post: List-Unsubscribe=One-Click header (RFC 8058 §3.1).',
  )
  const links = elementsOf(parseMail(html), 'a').filter(({ attribs }) => (attribs.href ?? '').includes('/unsubscribe/'))
  add(links.length === 0, 'The HTML part has no unsubscribe link.')
  if (kind === 'digest' && links.length === 1)
    findings.push({
      severity: 'warning',
      words: 'Only one unsubscribe link: a digest has one at its top and one below.',
    })
  add(!text.includes('/unsubscribe/'), 'The text part has no unsubscribe link.')
  return done('leaving', 'Unsubscribing', findings, `${links.length} links, one-click by RFC 8058`)
}
