import { decodeHTMLStrict } from 'entities'

/**
 * Removes HTML from text: elements of prose (`<b>`, `<p>`), active elements (`<script>`, `<img …>`) and all tags with
 * attributes. Their content stays, except for script and style. Tokens that papers mention, such as `<image>` or `<think>`,
 * and comparisons such as `a < b` do not change.
 */
export function withoutMarkup(text: string): string {
  if (!/[<&]/.test(text)) return text
  let rest = withoutEntities(text)
  for (let pass = 0; pass < PASSES_MAX; pass += 1) {
    const before = rest
    rest = rest
      .replace(/<!--[^<>]*-->|<!\[CDATA\[|\]\]>|<!doctype[^<>]*>|<\?xml[^<>]*\?>/gi, ' ')
      .replace(SILENT, ' ')
      .replace(/<sup>([^<>]{1,40})<\/sup>/gi, '^{$1}')
      .replace(/<sub>([^<>]{1,40})<\/sub>/gi, '_{$1}')
      .replace(TAG, (tag: string, name: string, tail: string) => replacement(tag, name.toLowerCase(), tail))
    if (rest === before) return rest.replace(UNCLOSED, '‹')
  }
  // Tags nested this deep are an attack on filters, so all brackets are replaced.
  return rest.replace(/</g, '‹').replace(/>/g, '›')
}

/** Removes Markdown's bold and links from text: `**x**` is `x`, `[x](https://…)` is `x (https://…)`. */
export function withoutMarkdown(text: string): string {
  return text
    .replace(/(?<![\w)*])\*\*([^\s*](?:[^*]{0,200}[^\s*])?)\*\*(?!\*)/g, '$1')
    .replace(
      /\[([^[\]]{1,100})\]\((https?:\/\/[^\s()]{1,300}|[\w.-]{1,100}\/[^\s()]{0,300})\)/g,
      (_, words: string, url: string) => (words === url || /^https?:/.test(words) ? url : `${words} (${url})`),
    )
}

const PASSES_MAX = 4
// Elements whose content is not prose. The length is bounded, so that many unclosed elements take little time.
const SILENT = /<(script|style)\b[^<>]{0,500}>[^<]{0,5000}<\/\1\s*>/gi
const TAG = /<\/?([a-z][a-z0-9-]*)((?:[\s/][^<>]*)?)>/gi

const INLINE = new Set(
  'a abbr acronym b bdi bdo big center cite del dfn em font i ins kbd mark q s samp small span strike strong sub sup tt u var wbr'.split(
    ' ',
  ),
)
const BLOCK = new Set(
  'article aside blockquote br dd div dl dt footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section tbody td tfoot th thead tr ul'.split(
    ' ',
  ),
)
const ACTIVE = new Set(
  'applet base body button embed form frame frameset head html iframe img link math meta noscript script select style svg template textarea'.split(
    ' ',
  ),
)

// A tag without its `>`, as in a cut text. A browser would still read it as a tag.
const UNCLOSED = new RegExp(`<(?=!--|/?(?:${[...ACTIVE].join('|')})(?![a-z0-9-]))`, 'gi')

function replacement(tag: string, name: string, tail: string): string {
  if (INLINE.has(name)) return ''
  if (BLOCK.has(name) || ACTIVE.has(name)) return ' '
  return /=|\/\s*$/.test(tail) ? ' ' : tag
}

/** Replaces HTML's named and numbered entities. Entities without a semicolon do not change. */
export function withoutEntities(text: string): string {
  return text.replace(ENTITY, (whole, name, decimal, hex) => {
    // `&nbsp;` becomes an ordinary space, which can wrap.
    if (name !== undefined) return decodeHTMLStrict(knownName(whole)).replace('\u00a0', ' ')
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff) ? String.fromCodePoint(point) : ''
  })
}

const ENTITY = /&(?:([a-z][a-z0-9]{1,31})|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi
const BASIC = /^&(?:amp|lt|gt|quot|apos|nbsp);$/i

/** Returns the most common entities in lower case, because they also occur as `&NBSP;`. */
function knownName(entity: string): string {
  return BASIC.test(entity) ? entity.toLowerCase() : entity
}
