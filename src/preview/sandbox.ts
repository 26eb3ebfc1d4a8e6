import { GMAIL_CLIP_BYTES } from '../../config/limits-web.ts'
import type { Tone } from './query.ts'

/**
 * Returns a mail's HTML as a mail program would show it. A page cannot set `prefers-color-scheme`, so the media query is
 * replaced. Forced inversion simulates the apps of Gmail and Outlook.
 */
export function sandboxed(html: string, { tone }: { readonly tone: Tone }): string {
  const answered = setColorScheme(html, tone === 'dark' ? 'dark' : 'light')
  return tone === 'inverted' ? intoHead(answered, INVERTED) : answered
}

/** Inverts brightness and keeps hues. Images are inverted twice, which leaves them unchanged. */
const INVERTED =
  '<style>html{background:#fff;filter:invert(1) hue-rotate(180deg)}img{filter:invert(1) hue-rotate(180deg)}</style>'

function setColorScheme(html: string, scheme: 'light' | 'dark'): string {
  return html
    .replace(/\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)/g, (_, requested) =>
      requested === scheme ? '(min-width:0)' : '(max-width:0)',
    )
    .replace(/color-scheme\s*:\s*light dark/g, `color-scheme:${scheme}`)
    .replace(/(<meta name="(?:supported-)?color-schemes?" content=")light dark"/g, `$1${scheme}"`)
}

/** A picture of BRAND_FILE. */
export interface ServedPicture {
  readonly type: string
  readonly body: Buffer
}

/**
 * Returns a mail’s HTML with the pictures of the brand in it, by their name below `/brand/`. Their addresses are those of the
 * website, which need not run beside the preview.
 */
export function withPictures(html: string, publicUrl: string, pictures: ReadonlyMap<string, ServedPicture>): string {
  return html.replace(/(?<=<img [^>]*src=")[^"]+/g, (address) => {
    const name = /^\/brand\/([\w.-]+)\?v/.exec(address.replace(publicUrl, ''))?.[1] ?? ''
    const picture = pictures.get(name)
    return picture === undefined ? address : `data:${picture.type};base64,${picture.body.toString('base64')}`
  })
}

/** Returns a mail as Gmail shows it: clipped at about 102 KB, with a link to the rest. */
export function clip(html: string): string {
  const bytes = Buffer.from(html.replaceAll('\n', '\r\n')) // Line ends as sent (RFC 5322 §2.1).
  if (bytes.length <= GMAIL_CLIP_BYTES) return html
  const shown = bytes
    .subarray(0, GMAIL_CLIP_BYTES)
    .toString()
    .replace(/\ufffd$/, '')
    .replace(/<[^>]*$/, '')
  return `${shown}</table><p style="padding:16px;font:14px sans-serif;background:#fff;color:#222">… <b>[Message clipped]</b> View entire message</p>`
}

/** Inserts markup at the end of the head. */
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

/** Content-Security-Policy of the page in which axe-core checks a mail. It allows our scripts but none of the mail's. */
export const AXE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src https: http: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
