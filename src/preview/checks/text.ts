import type { Message } from '../../mail/transport.ts'
import { type Check, type CheckFinding, done } from './check.ts'
import { elementsOf, elementText, parseMail } from './markup.ts'
import { compareWords } from './words.ts'

const COLUMNS_MAX = 998 // RFC 5322 §2.1.1.

/** Checks that the text part has every paper with link and title, every other link, and the same words as the HTML part. */
export function checkText({ html, text }: Message, publicUrl: string): Check {
  const findings: CheckFinding[] = []
  if (text.trim() === '') return done('text', 'Text part', [{ severity: 'fault', words: 'There is no text part.' }], '')
  const links = new Map<string, string>()
  for (const anchor of elementsOf(parseMail(html), 'a')) {
    const href = anchor.attribs.href ?? ''
    if (!links.has(href)) links.set(href, elementText(anchor))
  }
  const plain = withoutSpaces(text)
  const papers = [...links].filter(([href]) => href.startsWith(`${publicUrl}/paper/`))
  const lost = papers.filter(([href, title]) => !includesLink(text, href) || !plain.includes(withoutSpaces(title)))
  if (lost.length > 0)
    findings.push({
      severity: 'fault',
      words: `${lost.length} of ${papers.length} papers are missing from the text part.`,
      where: lost.map(([, title]) => title),
    })
  const others = [...links].filter(
    ([href]) => /^https?:/.test(href) && !papers.some(([paper]) => paper === href) && href !== publicUrl,
  )
  const missing = others.filter(([href]) => !includesLink(text, href))
  if (missing.length > 0)
    findings.push({
      severity: 'warning',
      words: 'The text part lacks links of the HTML part.',
      where: missing.map(([href, words]) => `${words}: ${href}`),
    })
  findings.push(...wordFindings(html, text))
  if (/<(a|p|div|table|br)[\s>/]/i.test(text))
    findings.push({ severity: 'note', words: 'The text part contains markup.' })
  if (text.split('\n').some((line) => Buffer.byteLength(line) > COLUMNS_MAX))
    findings.push({ severity: 'note', words: 'A line is longer than 998 bytes and will be folded in transit.' })
  return done(
    'text',
    'Text part',
    findings,
    papers.length === 0 ? 'Matches the HTML part' : `${papers.length} papers of the HTML part`,
  )
}

function wordFindings(html: string, text: string): CheckFinding[] {
  const differences = compareWords(html, text)
  const finding = (severity: CheckFinding['severity'], words: string, where: readonly string[]) =>
    where.length === 0 ? [] : [{ severity, words, where }]
  return [
    ...finding('warning', 'The text part lacks words of the HTML part.', differences.html.words),
    ...finding(
      'warning',
      'The HTML part lacks words of the text part.',
      differences.text.words.map((place) => `text ${place}`),
    ),
    ...finding('note', 'The text part puts words of the HTML part together in another way.', differences.html.phrases),
    ...finding(
      'note',
      'The HTML part puts words of the text part together in another way.',
      differences.text.phrases.map((place) => `text ${place}`),
    ),
  ]
}

/** Whether the text contains the whole link, so that `/paper/1` does not match `/paper/10`. */
function includesLink(text: string, href: string): boolean {
  for (let at = text.indexOf(href); at >= 0; at = text.indexOf(href, at + 1))
    if (!/[^\s>)]/.test(text[at + href.length] ?? ' ')) return true
  return false
}

// Ignores whitespace, because lines are wrapped, and some scripts break lines anywhere.
function withoutSpaces(text: string): string {
  return text.replace(/\s+/g, '')
}
