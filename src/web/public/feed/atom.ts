import { language, say } from '../../../language/language.ts'
import { escapeHtml } from '../../../rendering/escape.ts'
import type { FeedDocument, FeedEntry } from './document.ts'

/** The scheme with which arXiv names its categories in its own feeds. */
const ARXIV_SCHEME = 'http://arxiv.org/schemas/atom'

/**
 * Returns a feed as Atom (RFC 4287). The package `feed` writes neither `xml:lang` nor `via` and `related` links of entries, so
 * this is written here.
 */
export function atomOf({ title, self, page, updated, author, icon, entries }: FeedDocument): string {
  const lines = [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${language().locale}">`,
    `<id>${escapeHtml(self)}</id>`,
    `<title>${escapeHtml(title)}</title>`,
    `<updated>${updated.toISOString()}</updated>`,
    `<author>${element('name', author.name)}${element('uri', author.url)}</author>`,
    ...(icon === null ? [] : [element('icon', icon)]),
    link('self', self, 'application/atom+xml'),
    link('alternate', page, 'text/html'),
    '<generator>Paperround</generator>',
    element('rights', say('feed.rights')),
    ...entries.map(entryOf),
    '</feed>',
  ]
  return `${lines.join('\n')}\n`
}

function entryOf(entry: FeedEntry): string {
  const { url, title, summary, html, published, updated, authors, keywords, categories, arxiv, pdf, code } = entry
  return [
    '<entry>',
    element('id', url),
    // An entry must have a title, but a title may be empty (RFC 4287 §4.1.2).
    element('title', title),
    element('published', published.toISOString()),
    element('updated', updated.toISOString()),
    ...authors.map((name) => `<author>${element('name', name)}</author>`),
    link('alternate', url, 'text/html'),
    ...(arxiv === null ? [] : [link('via', arxiv, 'text/html', 'arXiv')]),
    // Not an enclosure: readers download enclosures by themselves, and should be told their length (RFC 4287 §4.2.7.2).
    ...(pdf === null ? [] : [link('related', pdf, 'application/pdf', 'PDF')]),
    ...(code === null ? [] : [link('related', code, 'text/html', say('link.code'))]),
    ...categories.map((term) => `<category term="${escapeHtml(term)}" scheme="${ARXIV_SCHEME}"/>`),
    ...keywords.map((term) => `<category term="${escapeHtml(term)}"/>`),
    ...(summary === '' ? [] : [element('summary', summary)]),
    `<content type="html">${escapeHtml(html)}</content>`,
    '</entry>',
  ].join('\n')
}

function link(rel: string, href: string, type: string, title?: string): string {
  const named = title === undefined ? '' : ` title="${escapeHtml(title)}"`
  return `<link rel="${rel}" type="${type}" href="${escapeHtml(href)}"${named}/>`
}

function element(name: string, text: string): string {
  return `<${name}>${escapeHtml(text)}</${name}>`
}
