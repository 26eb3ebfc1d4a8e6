import { decodeHTMLStrict } from 'entities'

/**
 * Text in which HTML is gone. Elements of prose (`<b>`, `<p>`), everything that could act
 * (`<script>`, `<img …>`) and any tag with attributes are taken out and their content stays,
 * except that of script and style. Tokens that papers write about, such as `<image>` or
 * `<think>`, and comparisons such as `a < b` stay as they are.
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
  // Tags nested in tags this deep were meant to outwit a filter: no bracket of theirs stays.
  return rest.replace(/</g, '‹').replace(/>/g, '›')
}

/** Text without Markdown's marks for bold and for links: `**x**` is `x`, `[x](https://…)` is `x (https://…)`. */
export function withoutMarkdown(text: string): string {
  return text
    .replace(/(?<![\w)*])\*\*([^\s*](?:[^*]{0,200}[^\s*])?)\*\*(?!\*)/g, '$1')
    .replace(
      /\[([^[\]]{1,100})\]\((https?:\/\/[^\s()]{1,300}|[\w.-]{1,100}\/[^\s()]{0,300})\)/g,
      (_, words: string, url: string) => (words === url || /^https?:/.test(words) ? url : `${words} (${url})`),
    )
}

const PASSES_MAX = 4
// Content that is no prose. The length is bounded, so that many openings without an end cost little.
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

// A tag without its end, as in a text that was cut: a browser would still begin one here.
const UNCLOSED = new RegExp(`<(?=!--|/?(?:${[...ACTIVE].join('|')})(?![a-z0-9-]))`, 'gi')

function replacement(tag: string, name: string, tail: string): string {
  if (INLINE.has(name)) return ''
  if (BLOCK.has(name) || ACTIVE.has(name)) return ' '
  return /=|\/\s*$/.test(tail) ? ' ' : tag
}

/** Text in which HTML's entities, named and numbered, are characters; those without a semicolon stay as they are. */
export function withoutEntities(text: string): string {
  return text.replace(ENTITY, (whole, name, decimal, hex) => {
    // `&nbsp;` becomes a blank that may wrap, as everywhere in a title.
    if (name !== undefined) return decodeHTMLStrict(knownName(whole)).replace('\u00a0', ' ')
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff) ? String.fromCodePoint(point) : ''
  })
}

const ENTITY = /&(?:([a-z][a-z0-9]{1,31})|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi
const BASIC = /^&(?:amp|lt|gt|quot|apos|nbsp);$/i

/** The six that everybody uses are known in any case, such as `&NBSP;`. */
function knownName(entity: string): string {
  return BASIC.test(entity) ? entity.toLowerCase() : entity
}
