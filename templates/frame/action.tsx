import { Button } from '@react-email/components'
import { LINK, ON_LINK } from './style.ts'

/** The main button of a message. */
export function Action({ href, label }: { readonly href: string; readonly label: string }) {
  return (
    <Button
      href={href}
      style={{
        backgroundColor: LINK,
        color: ON_LINK,
        fontSize: 16,
        lineHeight: '19px',
        fontWeight: 600,
        borderRadius: 6,
        padding: '13px 26px',
        margin: '6px 0 24px',
      }}
    >
      {label}
    </Button>
  )
}
