import type { CSSProperties } from 'react'

/**
 * Colours and sizes of every message; frame.mjml has the same in MJML. Mid tones stay readable in clients that force
 * inverted colours.
 */
export const FONTS = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Helvetica, Arial, sans-serif"
export const SOFT = '#5a646e'
export const LINK = '#1d5a8e'
export const HEAD = '#16191d'
export const INK = '#22272e'

export const softLink: CSSProperties = { color: SOFT, textDecoration: 'underline' }
export const actLink: CSSProperties = { color: LINK, textDecoration: 'underline' }
export const small: CSSProperties = { margin: 0, fontSize: 13, lineHeight: '21px', color: SOFT }
export const body: CSSProperties = { margin: '0 0 18px', fontSize: 16, lineHeight: '26px', color: INK }
export const headline: CSSProperties = {
  margin: '6px 0 8px',
  fontSize: 28,
  lineHeight: '35px',
  fontWeight: 700,
  letterSpacing: '-0.3px',
  color: HEAD,
}

/** Styles that cannot be inline: small screens, dark mode, and the font in Outlook, whose cells do not inherit one. */
export const STYLE_SHEET = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; -webkit-text-size-adjust: 100%; }
table, td, div, p, h1, h2 { font-family: ${FONTS}; }
a:hover { text-decoration: underline !important; }
@media (max-width:480px) {
.pad > tbody > tr > td { padding-left: 18px !important; padding-right: 18px !important; }
.rank { width: 40px !important; }
}
@media (prefers-color-scheme:dark) {
body, .page > table > tbody > tr > td { background: #14171a !important; }
.sheet, .sheet > tbody > tr > td { background: #1c2024 !important; }
.ink, .ink h1, .ink h2, .ink a { color: #e3e6e8 !important; }
.ink .soft, .soft, .soft a, .ink .soft a { color: #a3adb6 !important; }
.ink .why { color: #8fc0e8 !important; }
.act, .act a, .ink .act a { color: #8fc0e8 !important; }
.rule { border-color: #343a40 !important; }
.note { background: #33301f !important; color: #ecdfb0 !important; }
}
`.trim()
