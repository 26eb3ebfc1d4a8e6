import { DomUtils, parseDocument } from 'htmlparser2'

export type Document = ReturnType<typeof parseDocument>
export type Element = ReturnType<typeof DomUtils.getElementsByTagName>[number]

/** The HTML of a mail as a tree, with the places of its elements. */
export function parseMail(html: string): Document {
  return parseDocument(html, { withStartIndices: true })
}

export function elementsOf(document: Document, name: string): Element[] {
  return DomUtils.getElementsByTagName(name, document, true)
}

/** The text that a reader sees, blanks run together. */
export function elementText(node: Element | Document): string {
  return DomUtils.textContent(node).replace(/\s+/g, ' ').trim()
}

/** The line of the source at which an element begins. */
export function lineNumberOf(html: string, element: Element): number {
  return html.slice(0, element.startIndex ?? 0).split('\n').length
}
