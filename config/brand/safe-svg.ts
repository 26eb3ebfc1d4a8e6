import { Parser } from 'htmlparser2'

/** Elements that run code, load something or show another document. */
const FORBIDDEN = new Set(['script', 'foreignobject', 'iframe', 'embed', 'object', 'audio', 'video', 'handler', 'use'])

/**
 * Returns what must be removed from an SVG before it may be served, in words, or nothing. A logo needs no scripts, no
 * addresses and no entities, so they are refused and not rewritten: the file that is served is the file that was checked.
 */
export function unsafeParts(svg: string): string[] {
  const faults = new Set<string>()
  let root: string | null = null
  const parser = new Parser(
    {
      onopentag(given, attributes) {
        const name = (given.split(':').at(-1) ?? given).toLowerCase()
        root ??= name
        const isLocalUse =
          name === 'use' && Object.entries(attributes).every(([key, value]) => !isHref(key) || value.startsWith('#'))
        if (FORBIDDEN.has(name) && !isLocalUse) faults.add(`the element <${given}>`)
        for (const [key, value] of Object.entries(attributes)) {
          if (/^on/i.test(key)) faults.add(`the attribute ${key}`)
          if (isHref(key) && !/^(#|data:image\/(png|jpeg);)/i.test(value.trim())) faults.add(`the address in ${key}`)
          if (hasAddress(value)) faults.add(`the address in ${key}`)
        }
      },
      ontext(text) {
        if (hasAddress(text) || /@import/i.test(text)) faults.add('an address in a style')
      },
      onprocessinginstruction(name, data) {
        if (/^!(doctype|entity)/i.test(name)) faults.add('<!DOCTYPE>')
        else if (/stylesheet/i.test(data)) faults.add('<?xml-stylesheet?>')
      },
    },
    { xmlMode: true },
  )
  parser.end(svg)
  if (root !== 'svg') faults.add(root === null ? 'everything: it is not an SVG' : `the outer element <${root}>`)
  return [...faults]
}

/** Returns whether the SVG has text, which looks different on each machine. */
export function hasText(svg: string): boolean {
  return /<([a-z]+:)?(text|tspan|textpath)\b/i.test(svg)
}

function isHref(key: string): boolean {
  return /^(.+:)?(href|src)$/i.test(key)
}

function hasAddress(text: string): boolean {
  return [...text.matchAll(/url\(\s*["']?\s*([^)"']*)/gi)].some(([, target = '']) => !target.startsWith('#'))
}
