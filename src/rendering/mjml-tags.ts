/** A tag that nothing opens or closes, with the place of its template. */
export interface TagFault {
  readonly words: string
  /** Null when the tag comes from a value and not from a template. */
  readonly file: string | null
  readonly line: number | null
}

interface Tag {
  readonly kind: 'open' | 'close' | 'unfinished'
  readonly name: string
  readonly file: string | null
  readonly line: number | null
}

/** HTML elements that have no end tag (HTML Living Standard §13.1.2), and those whose end tag may be left out (§13.1.2.4). */
const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '))
const OPTIONAL = new Set(
  'p li td th tr tbody thead tfoot dt dd option optgroup colgroup caption body html head'.split(' '),
)
/** The elements of MJML 4 and 5. */
const MJML = new Set(
  'mjml mj-accordion mj-accordion-element mj-accordion-text mj-accordion-title mj-all mj-attributes mj-body mj-breakpoint mj-button mj-carousel mj-carousel-image mj-class mj-column mj-divider mj-font mj-group mj-head mj-hero mj-html-attribute mj-html-attributes mj-image mj-include mj-navbar mj-navbar-link mj-preview mj-raw mj-section mj-selector mj-social mj-social-element mj-spacer mj-style mj-table mj-text mj-title mj-wrapper'.split(
    ' ',
  ),
)
/** Their content is not read as tags: MJML passes it on, and it may open what another one closes. */
const OPAQUE = ['mj-raw', 'mj-style']

// A mark stands before each tag of a template: file and line between two characters for private use.
const MARK = '\ue000'
const MUSTACHE = /\\?\{\{!--[\s\S]*?--\}\}|\\?\{\{\{?[\s\S]*?\}?\}\}/g
const TOKEN =
  /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<[!?][^>]*>|(?:\ue000([^\ue000:]*):(\d+)\ue000)?<(\/?)([a-z][\w:.-]*)((?:"[^"]*"|'[^']*'|[^"'<>])*)(>?)/gi

/** Returns the source of a template with a mark before each tag, so that `findTagFault` can name file and line. */
export function markTags(source: string, file: string): string {
  let line = 1
  const mark = (text: string) =>
    text.replace(/\n|<(?=\/?[a-z])/gi, (found) => {
      if (found !== '\n') return `${MARK}${file}:${line}${MARK}<`
      line += 1
      return found
    })
  let out = ''
  let at = 0
  for (const { 0: mustache, index } of source.matchAll(MUSTACHE)) {
    out += mark(source.slice(at, index)) + mustache
    line += mustache.split('\n').length - 1
    at = index + mustache.length
  }
  return out + mark(source.slice(at))
}

/**
 * Returns the first tag of an MJML document that has no partner, or null. MJML itself reads on: it ignores an end tag
 * without a start tag, and closes what is left open at the end, so that the mail looks wrong without an error.
 */
export function findTagFault(marked: string): TagFault | null {
  const tags = readTags(marked)
  const found = firstFault(tags)
  if (found === null) return null
  const { closing, fault } = found
  const stray = strayTag(tags, found.of)
  if (stray !== null) return stray
  if (closing === null) return fault
  // An end tag that closes an outer element: if all is well without it, it is superfluous. Otherwise, the inner one is open.
  const without = tags.filter((tag) => tag !== closing)
  if (firstFault(without) !== null) return fault
  return at(closing, `</${closing.name}> closes nothing here. Remove it.`)
}

/**
 * Returns the fault of a tag in one file that takes the partner of a tag in another file, or null. The frame around a mail then
 * lacks a partner, and the reader of the message would look for a fault in the frame.
 */
function strayTag(tags: readonly Tag[], of: Tag): TagFault | null {
  for (const pair of pairsOf(tags)) {
    const [stray, other] = pair[0].file === of.file ? [pair[1], pair[0]] : pair
    if (stray.name !== of.name || stray.file === other.file || other.file !== of.file) continue
    if (firstFault(tags.filter((tag) => tag !== stray)) !== null) continue
    const words =
      stray.kind === 'close'
        ? `</${stray.name}> closes <${other.name}>${lineOf(other, stray)}. Remove it.`
        : `<${stray.name}> is not closed. </${other.name}>${lineOf(other, stray)} closes it.`
    return at(stray, words)
  }
  return null
}

/** Returns each start tag with the end tag that closes it. */
function pairsOf(tags: readonly Tag[]): [Tag, Tag][] {
  const open: Tag[] = []
  const pairs: [Tag, Tag][] = []
  for (const tag of tags) {
    if (tag.kind === 'open') open.push(tag)
    const place = tag.kind === 'close' ? open.findLastIndex(({ name }) => name === tag.name) : -1
    const opening = open[place]
    if (opening === undefined) continue
    pairs.push([opening, tag])
    open.length = place
  }
  return pairs
}

/** `of` is the tag that lacks its partner. */
type Found = { readonly fault: TagFault; readonly closing: Tag | null; readonly of: Tag }

function firstFault(tags: readonly Tag[]): Found | null {
  const open: Tag[] = []
  for (const tag of tags) {
    if (tag.kind === 'unfinished')
      return {
        fault: at(tag, `The tag <${tag.name} does not end. A quote or its > is missing.`),
        closing: null,
        of: tag,
      }
    if (tag.kind === 'open') {
      open.push(tag)
      continue
    }
    const place = open.findLastIndex(({ name }) => name === tag.name)
    if (place < 0) return { fault: unopened(tag, open), closing: null, of: tag }
    const inner = open.slice(place + 1).findLast(({ name }) => !OPTIONAL.has(name))
    if (inner !== undefined) {
      const words = `<${inner.name}> is not closed before </${tag.name}>${lineOf(tag, inner)}.`
      return { fault: at(inner, words), closing: tag, of: inner }
    }
    open.length = place
  }
  const left = open.findLast(({ name }) => !OPTIONAL.has(name))
  return left === undefined ? null : { fault: at(left, `<${left.name}> is never closed.`), closing: null, of: left }
}

function unopened(tag: Tag, open: readonly Tag[]): TagFault {
  const last = open.findLast(({ name }) => !OPTIONAL.has(name))
  // The start tag has the wrong name, and not its end tag.
  if (last?.name.startsWith('mj-') && !MJML.has(last.name) && MJML.has(tag.name))
    return at(last, `<${last.name}> is not an element of MJML. </${tag.name}>${lineOf(tag, last)} closes it.`)
  const hint = last === undefined ? '' : ` The open element is <${last.name}>${lineOf(last, tag)}.`
  return at(tag, `</${tag.name}> closes an element that is not open.${hint}`)
}

function lineOf(tag: Tag, beside: Tag): string {
  if (tag.line === null) return ''
  return tag.file === beside.file ? ` of line ${tag.line}` : ` of ${tag.file}:${tag.line}`
}

function at({ file, line }: Tag, words: string): TagFault {
  return { words, file, line }
}

function readTags(marked: string): Tag[] {
  const tags: Tag[] = []
  let opaque: string | null = null
  for (const [, file, line, slash, name = '', attributes = '', end] of marked.matchAll(TOKEN)) {
    const lower = name.toLowerCase()
    if (lower === '' || (opaque !== null && !(slash === '/' && lower === opaque))) continue
    const place = { name: lower, file: file ?? null, line: line === undefined ? null : Number(line) }
    opaque = null
    if (end === '') tags.push({ ...place, kind: 'unfinished' })
    else if (slash === '/') tags.push({ ...place, kind: 'close' })
    else if (!VOID.has(lower) && !attributes.trimEnd().endsWith('/')) {
      tags.push({ ...place, kind: 'open' })
      if (OPAQUE.includes(lower)) opaque = lower
    }
  }
  return tags
}
