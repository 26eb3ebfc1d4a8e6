import type { Message } from '../../mail/transport.ts'
import { type Check, type CheckFinding, done, type Severity } from './check.ts'
import { elementsOf, elementText, lineNumberOf, parseMail } from './markup.ts'

interface Finding {
  readonly severity: Severity
  readonly words: string
}

const TRACKING = /^(utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|_hsenc|_hsmi|mkt_tok|igshid|vero_id)$/i
const PLACEHOLDER_HOST = /(^|\.)(example\.(com|org|net)|yourdomain\.\w+|domain\.tld)$/i

/** Checks every link of the HTML part by its text. It makes no network requests. */
export function checkLinks({ html }: Message, publicUrl: string): Check {
  const anchors = [...elementsOf(parseMail(html), 'a'), ...elementsOf(parseMail(html), 'area')]
  const grouped = new Map<string, { finding: Finding; where: string[] }>()
  for (const anchor of anchors) {
    const href = anchor.attribs.href ?? ''
    const finding = checkLink(href, elementText(anchor), publicUrl)
    if (finding === null) continue
    const group = grouped.get(finding.words) ?? { finding, where: [] }
    group.where.push(`line ${lineNumberOf(html, anchor)}: ${href || `“${elementText(anchor)}”`}`)
    grouped.set(finding.words, group)
  }
  const findings = [...grouped.values()].map(({ finding, where }): CheckFinding => ({ ...finding, where }))
  return done('links', 'Links', findings, `${anchors.length} links, checked without requests`)
}

function checkLink(href: string, text: string, publicUrl: string): Finding | null {
  const address = href.trim()
  if (address === '' || address === '#') return { severity: 'fault', words: 'The link is empty or a placeholder.' }
  if (/^(javascript|vbscript|data|file):/i.test(address.replace(/[\s\p{Cc}]/gu, '')))
    return { severity: 'fault', words: 'The link runs code or opens a local file.' }
  if (/\{\{|\}\}|%7B%7B|\bTODO\b|undefined|\[object/i.test(address))
    return { severity: 'fault', words: 'The link contains an unfilled placeholder.' }
  if (/^mailto:[^@\s]+@[^@\s]+$/i.test(address)) return null
  if (!/^[a-z][a-z0-9+.-]*:/i.test(address))
    return { severity: 'fault', words: 'The link is relative, so it does not work in a mail.' }
  return checkUrl(address, text, new URL(publicUrl))
}

function checkUrl(address: string, text: string, own: URL): Finding | null {
  if (!URL.canParse(address)) return { severity: 'fault', words: 'The link is not a valid URL.' }
  const url = new URL(address)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { severity: 'warning', words: `Few mail programs open ${url.protocol} links.` }
  if (url.hostname !== own.hostname && PLACEHOLDER_HOST.test(url.hostname))
    return { severity: 'fault', words: 'The host of the link is reserved for examples.' }
  if (url.protocol === 'http:' && !(url.host === own.host && isLoopback(url.hostname)))
    return { severity: 'warning', words: 'The link is not encrypted (http).' }
  if ([...url.searchParams.keys()].some((name) => TRACKING.test(name)))
    return { severity: 'warning', words: 'The link has a tracking parameter.' }
  if (text === '') return { severity: 'warning', words: 'The link has no text.' }
  return null
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host)
}
