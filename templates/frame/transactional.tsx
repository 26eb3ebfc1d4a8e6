import { Heading, Link, Text } from '@react-email/components'
import type { ReactNode } from 'react'
import type { TransactionalView } from '../../src/rendering/transactional.ts'
import { Frame, Margin, Sheet } from './frame.tsx'
import { headline, LINK, small } from './style.ts'

interface TransactionalFrameProps {
  readonly view: TransactionalView
  readonly heading: string
  readonly footer: ReactNode
  readonly children: ReactNode
}

/** A short message: brand, heading, a few sentences, and why it was sent. */
export function TransactionalFrame({ view, heading, footer, children }: TransactionalFrameProps) {
  return (
    <Frame title={view.title} preheader={view.preheader}>
      <Margin padding="24px 0 0">{null}</Margin>
      <Sheet>
        <Text className="act" style={{ ...small, lineHeight: '20px', fontWeight: 700, letterSpacing: '0.4px' }}>
          <Link href={view.publicUrl} style={{ color: LINK, textDecoration: 'none' }} dir="auto">
            {view.brand}
          </Link>
        </Text>
        <Heading as="h1" className="ink" style={{ ...headline, marginBottom: 16 }}>
          {heading}
        </Heading>
        {children}
      </Sheet>
      <Margin padding="22px 32px 40px">
        <Text className="soft" style={small}>
          {footer}
        </Text>
        <Text className="soft" dir="auto" style={{ ...small, paddingTop: 10 }}>
          {view.postalAddress === null ? view.brand : `${view.brand}, ${view.postalAddress}`}
        </Text>
      </Margin>
    </Frame>
  )
}
