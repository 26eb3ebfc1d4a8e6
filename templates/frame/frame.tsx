import { Body, Container, Head, Html } from '@react-email/components'
import type { CSSProperties, ReactNode } from 'react'
import { FONTS, INK, STYLE_SHEET } from './style.ts'

export interface FrameProps {
  readonly title: string
  /** The hidden preview text that an inbox shows next to the subject. */
  readonly preheader: string
  readonly children: ReactNode
}

const hidden: CSSProperties = {
  display: 'none',
  fontSize: 1,
  lineHeight: '1px',
  maxHeight: 0,
  maxWidth: 0,
  opacity: 0,
  overflow: 'hidden',
}

/** The document around every message: head, dark mode, and a column of 600 px. */
export function Frame({ title, preheader, children }: FrameProps) {
  return (
    <Html lang="en" dir="ltr">
      <Head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no,date=no,address=no,email=no" />
        <title>{title}</title>
        <style>{STYLE_SHEET}</style>
      </Head>
      <Body className="page" style={{ backgroundColor: '#f3f4f2', fontFamily: FONTS, color: INK, margin: 0 }}>
        <div dir="auto" style={hidden}>
          {preheader}
        </div>
        <Container style={{ maxWidth: 600, width: '100%' }}>{children}</Container>
      </Body>
    </Html>
  )
}

/** The white sheet with the content. */
export function Sheet({ children }: { readonly children: ReactNode }) {
  return <Strip className="sheet pad" padding="32px 32px 12px" background="#ffffff" content={children} />
}

/** The area above or below the sheet. */
export function Margin({ padding, children }: { readonly padding: string; readonly children: ReactNode }) {
  return <Strip className="pad" padding={padding} content={children} />
}

interface StripProps {
  readonly className: string
  readonly padding: string
  readonly background?: string
  readonly content: ReactNode
}

// Outlook only pads table cells, and React Email's Section has none to pad.
function Strip({ className, padding, background, content }: StripProps) {
  return (
    <table
      className={className}
      width="100%"
      cellPadding={0}
      cellSpacing={0}
      role="presentation"
      style={{ borderCollapse: 'collapse', backgroundColor: background }}
    >
      <tbody>
        <tr>
          <td style={{ padding, wordBreak: 'break-word' }}>{content}</td>
        </tr>
      </tbody>
    </table>
  )
}
