import { Head, Html } from '@react-email/components'
import type { CSSProperties, ReactNode } from 'react'
import { language } from '../../src/language/language.ts'
import type { MailLook } from '../../src/rendering/brand/mail-look.ts'
import { DARK_LOGO, FONTS, PAGE, SHEET, SOFT, STYLE_SHEET, small } from './style.ts'

export interface FrameProps {
  readonly title: string
  /** The hidden preview text that an inbox shows next to the subject. */
  readonly preheader: string
  readonly look: MailLook
  /** Rows of a table: `Sheet` and `Margin`. */
  readonly children: ReactNode
}

/** A table that only places things, over the whole width. */
export const LAYOUT = { width: '100%', border: 0, cellPadding: 0, cellSpacing: 0, role: 'presentation' } as const

const OFFICE = { 'xmlns:o': 'urn:schemas-microsoft-com:office:office' }

const hidden: CSSProperties = { display: 'none', fontSize: 1, lineHeight: '1px', maxHeight: 0, overflow: 'hidden' }

/** The document around every message: head, dark mode, and a column of 600 px. */
export function Frame({ title, preheader, look, children }: FrameProps) {
  const { locale, direction } = language()
  return (
    <Html lang={locale} dir={direction} {...OFFICE}>
      <Head>
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <meta name="format-detection" content="telephone=no,date=no,address=no,email=no" />
        <title>{title}</title>
        <meta data-outlook="head" />
        <style>{look.logo?.darkUrl == null ? STYLE_SHEET : STYLE_SHEET + DARK_LOGO}</style>
      </Head>
      <body className="page" style={{ backgroundColor: PAGE }}>
        {/* biome-ignore lint/a11y/useSemanticElements: Outlook does not know the article element. */}
        <div
          aria-label={title}
          aria-roledescription="email"
          role="article"
          lang={locale}
          dir={direction}
          style={{ backgroundColor: PAGE, fontFamily: FONTS }}
        >
          <div dir="auto" style={hidden}>
            {preheader}
          </div>
          {/* Replaced by a table of this width for Outlook (src/rendering/react.ts). */}
          <div data-outlook="600" />
          <table {...LAYOUT} align="center" style={{ maxWidth: 600 }}>
            <tbody>{children}</tbody>
          </table>
          <div data-outlook="end" />
        </div>
      </body>
    </Html>
  )
}

interface RowProps {
  readonly padding: string
  readonly style?: CSSProperties
  readonly children?: ReactNode
}

/** A row of the white sheet with the content. */
export function Sheet({ padding, style, children }: RowProps) {
  return (
    <tr>
      <td className="sheet pad" style={{ padding, background: SHEET, color: SOFT, wordBreak: 'break-word', ...style }}>
        {children}
      </td>
    </tr>
  )
}

/** A row above or below the sheet. */
export function Margin({ padding, style, children }: RowProps) {
  return (
    <tr>
      <td className="soft pad" style={{ padding, ...small, wordBreak: 'break-word', ...style }}>
        {children}
      </td>
    </tr>
  )
}
