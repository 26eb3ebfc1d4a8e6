import type { Message } from '../../mail/transport.ts'
import { type Check, type CheckFinding, done, type Severity } from './check.ts'
import { elementsOf, elementText, lineNumberOf, parseMail } from './markup.ts'

interface Complaint {
  readonly severity: Severity
  readonly words: string
}

const TRACKING = /^(utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|_hsenc|_hsmi|mkt_tok|igshid|vero_id)$/i
const PLACEHOLDER_HOST = /(^|\.)(example\.(com|org|net)|yourdomain\.\w+|domain\.tld)$/i

/** Checks every link of the HTML part by its text. It makes no network requests. */
export function checkLinks({ html }: Message, publicUrl: string): Check {
  const anchors = [...elementsOf(parseMail(html), 'a'), ...elementsOf(parseMail(html), 'area')]
  const grouped = new Map<string, { complaint: Complaint; where: string[] }>()
  for (const anchor of anchors) {
    const href = anchor.attribs.href ?? ''
    const complaint = judge(href, elementText(anchor), publicUrl)
    if (complaint === null) continue
    const group = grouped.get(complaint.words) ?? { complaint, where: [] }
    group.where.push(`line ${lineNumberOf(html, anchor)}: ${href || `“${elementText(anchor)}”`}`)
    grouped.set(complaint.words, group)
  }
  const findings = [...grouped.values()].map(({ complaint, where }): CheckFinding => ({ ...complaint, where }))
  return done('links', 'Links', findings, `${anchors.length} links, judged by how they are written`)
}

function judge(href: string, text: string, publicUrl: string): Complaint | null {
  const address = href.trim()
  if (address === '' || address === '#') return { severity: 'fault', words: 'A placeholder: the link leads nowhere.' }
  if (/^(javascript|vbscript|data|file):/i.test(address.replace(/[\s\p{Cc}]/gu, '')))
    return { severity: 'fault', words: 'A link that runs or opens what it must not.' }
  if (/\{\{|\}\}|%7B%7B|\bTODO\b|undefined|\[object/i.test(address))
    return { severity: 'fault', words: 'A placeholder that was never filled.' }
  if (/^mailto:[^@\s]+@[^@\s]+$/i.test(address)) return null
  if (!/^[a-z][a-z0-9+.-]*:/i.test(address))
    return { severity: 'fault', words: 'A relative link: it leads nowhere from an inbox.' }
  return judgeUrl(address, text, new URL(publicUrl))
}

function judgeUrl(address: string, text: string, own: URL): Complaint | null {
  if (!URL.canParse(address)) return { severity: 'fault', words: 'Broken: not an address at all.' }
  const url = new URL(address)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { severity: 'warning', words: `Few mail programs open ${url.protocol} links.` }
  if (url.hostname !== own.hostname && PLACEHOLDER_HOST.test(url.hostname))
    return { severity: 'fault', words: 'A placeholder: this host is for examples only.' }
  if (url.protocol === 'http:' && !(url.host === own.host && isLoopback(url.hostname)))
    return { severity: 'warning', words: 'Not encrypted: http instead of https.' }
  if ([...url.searchParams.keys()].some((name) => TRACKING.test(name)))
    return { severity: 'warning', words: 'A tracking parameter.' }
  if (text === '') return { severity: 'warning', words: 'A link without words.' }
  return null
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host)
}
