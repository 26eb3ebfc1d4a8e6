import type { Message } from '../../mail/transport.ts'
import { type Check, type CheckFinding, done } from './check.ts'
import { type Document, elementsOf, lineNumberOf, parseMail } from './markup.ts'

const ACTIVE = ['script', 'iframe', 'object', 'embed', 'form', 'input', 'video', 'audio', 'base']

/** Checks the source for what a screen reader needs and for forbidden content, without a browser. */
export function checkStructure({ html, subject }: Message): Check {
  const document = parseMail(html)
  const findings: CheckFinding[] = [...languageFindings(document), ...pictureFindings(document, html)]
  const add = (wrong: boolean, severity: CheckFinding['severity'], words: string) =>
    wrong && findings.push({ severity, words })
  const headings = elementsOf(document, 'h1').length
  add(headings === 0, 'fault', 'There is no h1. Screen readers use it to find the start.')
  add(headings > 1, 'warning', `There are ${headings} h1 elements instead of one.`)
  add(elementsOf(document, 'title').length === 0, 'warning', 'There is no title.')
  add(subject.trim() === '', 'fault', 'The subject is empty.')
  const layout = elementsOf(document, 'table').filter(
    (table) => !['presentation', 'none'].includes(table.attribs.role ?? ''),
  )
  if (layout.length > 0)
    findings.push({
      severity: 'warning',
      words: 'Screen readers read a table without role="presentation" as data.',
      where: layout.map((table) => `line ${lineNumberOf(html, table)}`),
    })
  for (const name of ACTIVE) {
    const found = elementsOf(document, name)
    if (found.length > 0)
      findings.push({
        severity: 'fault',
        words: `<${name}> is not allowed in a mail.`,
        where: found.map((each) => `line ${lineNumberOf(html, each)}`),
      })
  }
  return done('structure', 'Language, headings, images', findings, 'lang, h1, alt, roles')
}

function languageFindings(document: Document): CheckFinding[] {
  const root = elementsOf(document, 'html')[0]
  return (root?.attribs.lang ?? '').trim() === ''
    ? [{ severity: 'fault', words: 'The html element has no lang, so screen readers guess the language.' }]
    : []
}

function pictureFindings(document: Document, html: string): CheckFinding[] {
  const findings: CheckFinding[] = []
  const pictures = elementsOf(document, 'img')
  const withoutAlt = pictures.filter((picture) => picture.attribs.alt === undefined)
  if (withoutAlt.length > 0)
    findings.push({
      severity: 'fault',
      words: 'An image has no alt text, which is shown when images are off.',
      where: withoutAlt.map((picture) => `line ${lineNumberOf(html, picture)}: ${picture.attribs.src ?? ''}`),
    })
  const pixels = pictures.filter(({ attribs }) => Number(attribs.width) <= 1 && Number(attribs.height) <= 1)
  if (pixels.length > 0)
    findings.push({
      severity: 'fault',
      words: 'The mail has a tracking pixel.',
      where: pixels.map((pixel) => `line ${lineNumberOf(html, pixel)}: ${pixel.attribs.src ?? ''}`),
    })
  return findings
}
