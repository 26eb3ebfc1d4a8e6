const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Plain text for HTML, in element and in quoted attribute alike (HTML Living Standard §13.3). */
export function escapeHtml(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign) : text
}

/**
 * One line of readable text: control characters and line breaks become blanks; characters that turn
 * the direction of what follows (Unicode Bidirectional Algorithm §2) go, so that a title cannot
 * reverse the rest of a subject line.
 */
export function cleanLine(text: string): string {
  if (!UNCLEAN.test(text)) return text.trim()
  return text
    .replace(/[\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .trim()
}

// One look decides: nearly every text is clean, and this runs for each line of evidence of each reader.
const UNCLEAN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}|\s{2}/u

/** Whether a mail may link to it: http or https with a host, and nothing that could break out of a line or an attribute. */
export function isWebUrl(url: string): boolean {
  return /^https?:\/\/[^\s<>"'`\\]+$/i.test(url)
}

/** A link of our own. Throws when it is none: such a mail must not go out. */
export function ownUrl(url: string): string {
  if (!isWebUrl(url)) throw new Error(`not an http(s) address: ${JSON.stringify(url)}`)
  return url
}
