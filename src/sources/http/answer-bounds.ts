import {
  SOURCE_JSON_DEPTH_MAX,
  SOURCE_JSON_VALUES_MAX,
  SOURCE_XML_CHARS_MAX,
  SOURCE_XML_TAGS_MAX,
  SOURCE_XML_TEXT_CHARS_MAX,
} from '../../../config/limits-sources.ts'

/**
 * Parses JSON of bounded size. It counts values and depth first, because 20 MB of brackets become a gigabyte of arrays.
 * `fault` completes the sentence “it …”.
 */
export function parseJson(
  text: string,
): { readonly ok: true; readonly json: unknown } | { readonly ok: false; readonly fault: string } {
  const fault = jsonFault(text)
  if (fault !== null) return { ok: false, fault }
  try {
    return { ok: true, json: JSON.parse(text) }
  } catch {
    return { ok: false, fault: 'is not JSON' }
  }
}

const QUOTE = 0x22
const AMPERSAND = 0x26
const COMMA = 0x2c
const LESS = 0x3c
const EQUALS = 0x3d
const BACKSLASH = 0x5c

function jsonFault(text: string): string | null {
  let values = 0
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (inString) {
      if (code === BACKSLASH) at += 1
      else if (code === QUOTE) inString = false
    } else if (code === QUOTE) inString = true
    else if (code === COMMA) values += 1
    else if (isOpening(code)) {
      values += 1
      depth += 1
    } else if (isClosing(code)) depth -= 1
    if (depth > SOURCE_JSON_DEPTH_MAX) return `is nested deeper than ${SOURCE_JSON_DEPTH_MAX} levels`
    if (values > SOURCE_JSON_VALUES_MAX) return `holds more than ${SOURCE_JSON_VALUES_MAX} values`
  }
  return null
}

/** `[` or `{`. */
function isOpening(code: number): boolean {
  return code === 0x5b || code === 0x7b
}

/** `]` or `}`. */
function isClosing(code: number): boolean {
  return code === 0x5d || code === 0x7d
}

/** Returns why XML would take the parser too much memory, completing the sentence “it …”, or null. */
export function xmlFault(text: string): string | null {
  let tags = 0
  let ampersands = 0
  let attributes = 0
  let textFrom = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === AMPERSAND) ampersands += 1
    else if (code === EQUALS) attributes += 1
    else if (code === LESS) {
      tags += 1
      textFrom = at
    }
    if (at - textFrom > SOURCE_XML_TEXT_CHARS_MAX)
      return `has a text of more than ${SOURCE_XML_TEXT_CHARS_MAX} characters`
    if (tags > SOURCE_XML_TAGS_MAX) return `has more than ${SOURCE_XML_TAGS_MAX} tags`
    if (ampersands > SOURCE_XML_CHARS_MAX) return `has more than ${SOURCE_XML_CHARS_MAX} entities`
    if (attributes > SOURCE_XML_CHARS_MAX) return `has more than ${SOURCE_XML_CHARS_MAX} attributes`
  }
  return null
}
