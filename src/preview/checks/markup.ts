import { DomUtils, parseDocument } from 'htmlparser2'

export type Document = ReturnType<typeof parseDocument>
export type Element = ReturnType<typeof DomUtils.getElementsByTagName>[number]

/** Parses the HTML of a mail, with the positions of its elements. */
export function parseMail(html: string): Document {
  return parseDocument(html, { withStartIndices: true })
}

export function elementsOf(document: Document, name: string): Element[] {
  return DomUtils.getElementsByTagName(name, document, true)
}

/** Returns the visible text with collapsed whitespace. */
export function elementText(node: Element | Document): string {
  return DomUtils.textContent(node).replace(/\s+/g, ' ').trim()
}

/** Returns the source line of an element. */
export function lineNumberOf(html: string, element: Element): number {
  return html.slice(0, element.startIndex ?? 0).split('\n').length
}
