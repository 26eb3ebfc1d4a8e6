import type { Message } from '../../mail/transport.ts'
import { type Check, type CheckFinding, done } from './check.ts'
import { elementsOf, elementText, parseMail } from './markup.ts'

const COLUMNS_MAX = 998 // RFC 5322 §2.1.1.

/** Whether the text part says what the HTML part says: each paper by link and title, and every other link. */
export function checkText({ html, text }: Message, publicUrl: string): Check {
  const findings: CheckFinding[] = []
  if (text.trim() === '') return done('text', 'Text part', [{ severity: 'fault', words: 'There is no text part.' }], '')
  const links = new Map<string, string>()
  for (const anchor of elementsOf(parseMail(html), 'a')) {
    const href = anchor.attribs.href ?? ''
    if (!links.has(href)) links.set(href, elementText(anchor))
  }
  const plain = squeezed(text)
  const papers = [...links].filter(([href]) => href.startsWith(`${publicUrl}/paper/`))
  const lost = papers.filter(([href, title]) => !includesLink(text, href) || !plain.includes(squeezed(title)))
  if (lost.length > 0)
    findings.push({
      severity: 'fault',
      words: `${lost.length} of ${papers.length} papers are missing in the text part.`,
      where: lost.map(([, title]) => title),
    })
  const others = [...links].filter(
    ([href]) => /^https?:/.test(href) && !papers.some(([paper]) => paper === href) && href !== publicUrl,
  )
  const missing = others.filter(([href]) => !includesLink(text, href))
  if (missing.length > 0)
    findings.push({
      severity: 'warning',
      words: 'Links of the HTML part that the text part lacks.',
      where: missing.map(([href, words]) => `${words}: ${href}`),
    })
  if (/<(a|p|div|table|br)[\s>/]/i.test(text)) findings.push({ severity: 'note', words: 'The text part holds markup.' })
  if (text.split('\n').some((line) => Buffer.byteLength(line) > COLUMNS_MAX))
    findings.push({ severity: 'note', words: 'A line is longer than 998 bytes; it is folded on its way.' })
  return done(
    'text',
    'Text part',
    findings,
    papers.length === 0 ? 'Says what the HTML says' : `${papers.length} papers of the HTML part`,
  )
}

/** The link with nothing behind it, so that `/paper/1` is not found in `/paper/10`. */
function includesLink(text: string, href: string): boolean {
  for (let at = text.indexOf(href); at >= 0; at = text.indexOf(href, at + 1))
    if (!/[^\s>)]/.test(text[at + href.length] ?? ' ')) return true
  return false
}

// Wrapped lines, and scripts that break anywhere: blanks are no part of the comparison.
function squeezed(text: string): string {
  return text.replace(/\s+/g, '')
}
