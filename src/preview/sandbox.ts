import { GMAIL_CLIP_BYTES } from '../../config/limits-web.ts'
import type { Tone } from './query.ts'

/**
 * A mail's HTML as a client would show it, for a frame of ours. `prefers-color-scheme` cannot be set from a page, so
 * the query itself is answered; forced inversion is a simulation of what Gmail's and Outlook's apps do.
 */
export function sandboxed(html: string, { tone }: { readonly tone: Tone }): string {
  const answered = answerColorScheme(html, tone === 'dark' ? 'dark' : 'light')
  return tone === 'inverted' ? intoHead(answered, INVERTED) : answered
}

/** Colours are turned round and hues back; pictures are turned twice and stay as they were. */
const INVERTED =
  '<style>html{background:#fff;filter:invert(1) hue-rotate(180deg)}img{filter:invert(1) hue-rotate(180deg)}</style>'

function answerColorScheme(html: string, scheme: 'light' | 'dark'): string {
  return html
    .replace(/\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)/g, (_, asked) =>
      asked === scheme ? '(min-width:0)' : '(max-width:0)',
    )
    .replace(/color-scheme\s*:\s*light dark/g, `color-scheme:${scheme}`)
    .replace(/(<meta name="(?:supported-)?color-schemes?" content=")light dark"/g, `$1${scheme}"`)
}

/** Returns a mail as Gmail shows it: clipped at about 102 KB, with a link to the rest. */
export function clip(html: string): string {
  const bytes = Buffer.from(html.replaceAll('\n', '\r\n')) // As it is mailed (RFC 5322 §2.1).
  if (bytes.length <= GMAIL_CLIP_BYTES) return html
  const kept = bytes
    .subarray(0, GMAIL_CLIP_BYTES)
    .toString()
    .replace(/\ufffd$/, '')
    .replace(/<[^>]*$/, '')
  return `${kept}</table><p style="padding:16px;font:14px sans-serif;background:#fff;color:#222">… <b>[Message clipped]</b> View entire message</p>`
}

/** Puts something at the end of the head. */
export function intoHead(html: string, what: string): string {
  return html.includes('</head>') ? html.replace('</head>', () => `${what}</head>`) : `${what}${html}`
}

/**
 * Returns the Content-Security-Policy of a framed mail. It allows its styles, and images unless they are off. It forbids
 * scripts, forms and frames, and only our pages may embed it.
 */
export function mailPolicy(images: 'on' | 'off'): string {
  const pictures = images === 'on' ? 'img-src https: http: data:; ' : ''
  return `default-src 'none'; ${pictures}style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`
}

/** For the page in which axe-core looks at a mail: scripts of ours, none of the mail's. */
export const AXE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src https: http: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
