import { XMLParser, XMLValidator } from 'fast-xml-parser'

interface Node {
  readonly [name: string]: unknown
}

/**
 * Returns what the W3C's feed validator would report for an Atom feed: the requirements of RFC 4287, and its warnings about
 * dates, identities and links.
 * @param address where the feed was read, which its `self` link must name.
 */
export function faultsOfAtom(
  xml: string,
  { address, now }: { readonly address: string; readonly now: Date },
): string[] {
  const wellFormed = XMLValidator.validate(xml)
  if (wellFormed !== true) return [`not XML: ${wellFormed.err.msg}`]
  // The parser does not look for them (XML 1.0 §2.2).
  if (/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(xml))
    return ['not XML: a control character']
  const faults: string[] = []
  const demand = (right: boolean, words: string) => {
    if (!right) faults.push(words)
  }
  const { feed } = new XMLParser({
    ignoreAttributes: false,
    parseTagValue: false,
    processEntities: { enabled: true, maxTotalExpansions: 1_000_000 },
    isArray: (name) => !name.startsWith('@_') && !['feed', '?xml', '#text'].includes(name),
  }).parse(xml) as { feed: Node }
  demand(feed['@_xmlns'] === 'http://www.w3.org/2005/Atom', 'the namespace is not Atom’s')
  demand(/^[a-z]{2}$/.test(String(feed['@_xml:lang'])), 'xml:lang is missing')
  const entries = nodesIn(feed, 'entry')
  checkElement(feed, 'feed', { now, demand })
  demand(nodesIn(feed, 'author').length > 0, 'the feed has no author')
  const self = linksIn(feed).filter(({ rel }) => rel === 'self')
  demand(self.length === 1 && self[0]?.href === address, `the self link is ${self[0]?.href}, not ${address}`)
  demand(textsIn(feed, 'generator').length === 1, 'the feed names no generator')
  for (const entry of entries) {
    const name = `entry ${textsIn(entry, 'id')[0]}`
    checkElement(entry, name, { now, demand })
    const alternates = linksIn(entry).filter(({ rel }) => rel === 'alternate')
    demand(alternates.length === 1, `${name} has ${alternates.length} alternate links`)
    demand(textsIn(entry, 'published').length === 1, `${name} has no published`)
    demand(textsIn(entry, 'summary').length <= 1 && textsIn(entry, 'content').length <= 1, `${name} repeats its text`)
    const [published = '', updated = ''] = [...textsIn(entry, 'published'), ...textsIn(entry, 'updated')]
    demand(published <= updated, `${name} was updated before it was published`)
  }
  const repeated = (what: string) => {
    const all = entries.flatMap((entry) => textsIn(entry, what))
    return all.filter((text, at) => all.indexOf(text) !== at)
  }
  demand(repeated('id').length === 0, `entries share an id: ${repeated('id')[0]}`)
  demand(repeated('updated').length === 0, `entries share an updated: ${repeated('updated')[0]}`)
  return faults
}

interface Check {
  readonly now: Date
  readonly demand: (right: boolean, words: string) => void
}

/** Checks what a feed and an entry have in common (RFC 4287 §4.1.1 and §4.1.2). */
function checkElement(node: Node, name: string, { now, demand }: Check): void {
  for (const each of ['id', 'title', 'updated'])
    demand(textsIn(node, each).length === 1, `${name} does not have one ${each}`)
  demand(URL.canParse(textsIn(node, 'id')[0] ?? ''), `the id of ${name} is no IRI`)
  for (const moment of [...textsIn(node, 'updated'), ...textsIn(node, 'published')]) {
    demand(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(moment), `${moment} in ${name} is not as in RFC 3339`)
    demand(Date.parse(moment) <= now.getTime(), `${moment} in ${name} is in the future`)
    demand(Date.parse(moment) >= Date.UTC(1990), `${moment} in ${name} is implausible`)
  }
  for (const author of nodesIn(node, 'author')) {
    demand((textsIn(author, 'name')[0] ?? '').trim() !== '', `an author of ${name} has no name`)
    demand(author.email === undefined, `${name} has an email address`)
  }
  for (const { href, type, title } of linksIn(node)) {
    demand(/^https?:\/\/[^\s<>"{}|\\^`]+$/.test(href ?? ''), `a link of ${name} is no IRI: ${href}`)
    demand(/^[a-z]+\/[a-z+.-]+$/.test(type ?? ''), `a link of ${name} has no MIME type`)
    demand(title !== '', `a link of ${name} has a blank title`)
  }
  for (const category of nodesIn(node, 'category'))
    demand(String(category['@_term'] ?? '').trim() !== '', `a category of ${name} has no term`)
}

function nodesIn(node: Node, name: string): Node[] {
  return (node[name] as (Node | string)[] | undefined)?.map((each) => (typeof each === 'string' ? {} : each)) ?? []
}

/** Returns the texts of all elements of a name. */
export function textsIn(node: Node, name: string): string[] {
  const all = (node[name] as (Node | string)[] | undefined) ?? []
  return all.map((each) => String(typeof each === 'string' ? each : (each['#text'] ?? '')))
}

function linksIn(node: Node) {
  return nodesIn(node, 'link').map((link) => ({
    rel: link['@_rel'] as string | undefined,
    href: link['@_href'] as string | undefined,
    type: link['@_type'] as string | undefined,
    title: link['@_title'] as string | undefined,
  }))
}
