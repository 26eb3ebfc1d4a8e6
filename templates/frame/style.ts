import type { CSSProperties } from 'react'

/**
 * Colours and sizes of every message; frame.mjml has the same in MJML. The program fills in the variables, because mail
 * programs do not know them: `var(--ink)` in light mode, and `var(--dark-ink)` in dark mode.
 */
export const FONTS = "'Segoe UI',Helvetica,Arial,sans-serif"
export const PAGE = 'var(--page)'
export const SHEET = 'var(--sheet)'
export const SOFT = 'var(--soft)'
export const LINK = 'var(--link)'
export const ON_LINK = 'var(--onLink)'
export const HEAD = 'var(--head)'
export const INK = 'var(--ink)'

export const small: CSSProperties = { fontSize: 13, lineHeight: '21px', color: SOFT }
export const body: CSSProperties = { margin: '0 0 18px', fontSize: 16, lineHeight: '26px', color: INK }
export const brand: CSSProperties = { fontSize: 13, lineHeight: '20px', fontWeight: 700, letterSpacing: '.4px' }
export const brandLink: CSSProperties = { color: LINK, textDecoration: 'none' }
export const headline: CSSProperties = {
  margin: '4px 0 6px',
  fontSize: 28,
  lineHeight: '35px',
  letterSpacing: '-.3px',
  color: HEAD,
}

/**
 * The rules of every message, the same as in frame.mjml. Without them a message keeps its sizes, distances and colours
 * of text, which are inline. They add the colours of links, the lines, exact line heights, small screens and dark mode,
 * and repeat for Outlook what its table cells do not inherit.
 */
export const STYLE_SHEET = [
  ':root{color-scheme:light dark}',
  'body{margin:0;-webkit-text-size-adjust:100%}',
  'table{border-collapse:collapse}',
  `.pad,.pad td,.pad div,.pad p,.pad h1,.pad h2,.pad a{font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Helvetica,Arial,sans-serif!important}`,
  '.sheet td{vertical-align:top;font-size:14px;line-height:1.5;color:var(--soft)}',
  '.act a{color:var(--link)}',
  '.soft a{color:var(--soft)}',
  'a.title{text-decoration-color:var(--underline);text-underline-offset:3px}',
  '.card td{border-top:1px solid var(--line)}',
  '.card .rank{line-height:22px}',
  '.card h2{line-height:1.3;font-weight:600}',
  '.card .ink{line-height:22px}',
  '.card .why{color:var(--ink)}',
  '.card .act,.card .soft{line-height:23px}',
  '.card .soft{font-size:13px}',
  '.line td{font-size:15px;line-height:21px}',
  '.line div{font-size:13px;line-height:19px}',
  '@media (max-width:480px){',
  '.pad{padding-left:18px!important;padding-right:18px!important}',
  '.rank{display:none!important}',
  '.sheet h1{font-size:24px!important;line-height:30px!important}',
  '}',
  '@media (prefers-color-scheme:dark){',
  'body,.page>div{background:var(--dark-page)!important}',
  '.sheet{background:var(--dark-sheet)!important}',
  '.sheet,.sheet td,.sheet div,.soft,.soft div,.soft a{color:var(--dark-soft)!important}',
  '.sheet h1,.sheet h2,.sheet .ink,.ink div,.sheet .why{color:var(--dark-ink)!important}',
  '.sheet .title,.sheet .act a{color:var(--dark-link)!important;text-decoration-color:var(--dark-underline)}',
  '.card td{border-color:var(--dark-line)!important}',
  '.sheet .note{background:#33301f!important;color:#ecdfb0!important}',
  '}',
].join('')

/** Shows the logo for dark mode in place of the other. */
export const DARK_LOGO =
  '@media (prefers-color-scheme:dark){.logo-light{display:none!important}.logo-dark{display:block!important}}'
