const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Escapes text for HTML elements and quoted attributes (HTML Living Standard §13.3). */
export function escapeHtml(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign) : text
}

/**
 * Returns text as one line: control characters and line breaks become spaces. Removes characters that change the text
 * direction (Unicode Bidirectional Algorithm §2), so that a title cannot reverse the rest of a subject.
 */
export function cleanLine(text: string): string {
  if (!UNCLEAN.test(text)) return text.trim()
  return text
    .replace(/[\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .trim()
}

// One test is enough for nearly every text; this runs for each reason of each subscriber.
const UNCLEAN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}|\s{2}/u

/**
 * Returns whether a message may link to an address: http or https with a host, and nothing that could break out of a
 * line or an attribute.
 */
export function isWebUrl(url: string): boolean {
  return /^https?:\/\/[^\s<>"'`\\]+$/i.test(url)
}

/** Checks one of our own links. Throws when it is invalid, because such a message must not be sent. */
export function ownUrl(url: string): string {
  if (!isWebUrl(url)) throw new Error(`not an http(s) address: ${JSON.stringify(url)}`)
  return url
}
