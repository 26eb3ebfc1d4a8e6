import { HtmlValidate } from 'html-validate'

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:document'],
  rules: {
    // Messages need attributes and inline styles that a page would not use.
    'no-inline-style': 'off',
    'no-deprecated-attr': 'off',
    'attr-case': 'off',
    'void-style': 'off',
    'no-trailing-whitespace': 'off',
    'long-title': 'off',
    'prefer-native-element': 'off',
    'no-conditional-comment': 'off',
    'meta-refresh': 'error',
    // MJML writes its own head and an article for Outlook and screen readers.
    'aria-label-misuse': 'off',
    'doctype-style': 'off',
    'no-raw-characters': 'error',
    'tel-non-breaking': 'off',
    'valid-for': 'error',
  },
})

/** Returns the violations that html-validate finds in a message, one line each. */
export function faultsOf(html: string): string[] {
  const report = validator.validateStringSync(html)
  return report.results.flatMap(({ messages }) =>
    messages.map(({ line, column, ruleId, message }) => `${line}:${column} ${ruleId} ${message}`),
  )
}

/** Returns the visible text of a message and its preheader, with normalised spaces. */
export function wordsOf(html: string): string {
  const body = html.slice(Math.max(0, html.indexOf('<body'))).replace(/<!--[\s\S]*?-->/g, '')
  return decode(body.replace(/<(?:\/?(?:b|a|span)\b)[^>]*>/g, '').replace(/<[^>]+>/g, ' '))
    .replace(/[\u00a0\u200c\s]+/g, ' ')
    .replace(/ (?=[.,])/g, '')
    .trim()
}

/** Returns the same by paragraph, without the preheader. */
export function paragraphsOf(html: string): string[] {
  const body = html.slice(html.indexOf('<body')).replace(/<!--[\s\S]*?-->/g, '')
  const shown = body.replace(/<(td|div)[^>]*style="display:none[\s\S]*?<\/\1>/, '')
  const blocks = shown.split(/<(?!\/?(?:b|a|span)\b)[^>]+>/).map(wordsOf)
  return blocks.filter((block) => block !== '')
}

/** Returns the addresses of all links. */
export function linksOf(html: string): string[] {
  return [...html.matchAll(/<a\s[^>]*?href="([^"]*)"/g)].map(([, url]) => decode(url ?? ''))
}

/** Returns every attribute that can load or run something. */
export function activeAttributesOf(html: string): string[] {
  return [...html.matchAll(/<[a-z][^>]*?\s((?:src|background|on[a-z]+|srcset|poster|data|action)="[^"]*")/gi)].map(
    ([, attribute]) => attribute ?? '',
  )
}

export function decode(text: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&', nbsp: '\u00a0', zwnj: '\u200c' }
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi, (whole, hex, decimal, name) =>
    hex !== undefined
      ? String.fromCodePoint(Number.parseInt(hex, 16))
      : decimal !== undefined
        ? String.fromCodePoint(Number(decimal))
        : (names[name] ?? whole),
  )
}
