import { Heading } from '@react-email/components'
import type { ReactNode } from 'react'
import type { TransactionalView } from '../../src/rendering/transactional.ts'
import { Colophon, Logo } from './brand.tsx'
import { Frame, Margin, Sheet } from './frame.tsx'
import { brand, brandLink, headline } from './style.ts'

interface TransactionalFrameProps {
  readonly view: TransactionalView
  readonly heading: string
  readonly footer: ReactNode
  readonly children: ReactNode
}

/** A short message: brand, heading, a few sentences, and why it was sent. */
export function TransactionalFrame({ view, heading, footer, children }: TransactionalFrameProps) {
  return (
    <Frame title={view.title} preheader={view.preheader} look={view.look}>
      <Margin padding="24px 0 0" />
      <Sheet padding="32px 32px 12px">
        <div className="act" style={brand} dir="auto">
          <a href={view.publicUrl} style={brandLink}>
            <Logo look={view.look} name={view.brand} />
          </a>
        </div>
        <Heading as="h1" style={{ ...headline, marginBottom: 16 }}>
          {heading}
        </Heading>
        {children}
      </Sheet>
      <Margin padding="22px 32px 40px">
        <div>{footer}</div>
        <div dir="auto" style={{ paddingTop: 10 }}>
          {view.postalAddress === null ? view.brand : `${view.brand}, ${view.postalAddress}`}
        </div>
        <Colophon look={view.look} />
      </Margin>
    </Frame>
  )
}
