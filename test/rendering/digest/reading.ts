import { HtmlValidate } from 'html-validate'

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:document'],
  rules: {
    // A mail is laid out with attributes and inline styles that a page would not use; its readers need them.
    'no-inline-style': 'off',
    'no-deprecated-attr': 'off',
    'attr-case': 'off',
    'void-style': 'off',
    'no-trailing-whitespace': 'off',
    'long-title': 'off',
    'prefer-native-element': 'off',
    'no-conditional-comment': 'off',
    'meta-refresh': 'error',
    // MJML's own head and its own article, which it writes for Outlook and for screen readers.
    'aria-label-misuse': 'off',
    'doctype-style': 'off',
    'no-raw-characters': 'error',
    'tel-non-breaking': 'off',
    'valid-for': 'error',
  },
})

/** What html-validate has against a mail, one line each. */
export function faultsOf(html: string): string[] {
  const report = validator.validateStringSync(html)
  return report.results.flatMap(({ messages }) =>
    messages.map(({ line, column, ruleId, message }) => `${line}:${column} ${ruleId} ${message}`),
  )
}

/** All that a reader can read of a mail: the text of its body, the hidden first line too, white space made one. */
export function wordsOf(html: string): string {
  const body = html.slice(Math.max(0, html.indexOf('<body'))).replace(/<!--[\s\S]*?-->/g, '')
  return decode(body.replace(/<(?:\/?(?:b|a|span)\b)[^>]*>/g, '').replace(/<[^>]+>/g, ' '))
    .replace(/[\u00a0\u200c\s]+/g, ' ')
    .replace(/ (?=[.,])/g, '')
    .trim()
}

/** The same by paragraph, without the hidden first line. */
export function paragraphsOf(html: string): string[] {
  const body = html.slice(html.indexOf('<body')).replace(/<!--[\s\S]*?-->/g, '')
  const shown = body.replace(/<(td|div)[^>]*style="display:none[\s\S]*?<\/\1>/, '')
  const blocks = shown.split(/<(?!\/?(?:b|a|span)\b)[^>]+>/).map(wordsOf)
  return blocks.filter((block) => block !== '')
}

/** Where each link of a mail leads. */
export function linksOf(html: string): string[] {
  return [...html.matchAll(/<a\s[^>]*?href="([^"]*)"/g)].map(([, url]) => decode(url ?? ''))
}

/** Every attribute that can load or run something. */
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
