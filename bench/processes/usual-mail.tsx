import { Body, Container, Head, Heading, Hr, Html, Link, Preview, Section, Text } from '@react-email/components'
import type { CSSProperties } from 'react'

/** The used fields of a paper in Hugging Face’s lists. */
export interface MailPaper {
  readonly paper: {
    readonly id: string
    readonly title: string
    readonly summary: string
    readonly upvotes: number
    readonly authors: readonly { readonly name: string }[]
  }
}

const PAPERS_SHOWN = 10
const soft: CSSProperties = { color: '#5a646e', fontSize: 14, lineHeight: '21px', margin: 0 }
const body: CSSProperties = { color: '#16191d', fontSize: 16, lineHeight: '26px' }

/** The digest of a typical script: React Email components and ten papers, rendered for each subscriber. */
export function UsualMail({
  subscriber,
  papers,
}: {
  readonly subscriber: number
  readonly papers: readonly MailPaper[]
}) {
  const chosen = Array.from({ length: PAPERS_SHOWN }, (_, at) => papers[(subscriber * 7 + at * 11) % papers.length])
  const site = 'https://papers.example.org'
  return (
    <Html lang="en">
      <Head />
      <Preview>{chosen[0]?.paper.title ?? ''}</Preview>
      <Body style={{ background: '#f4f5f6', fontFamily: 'Helvetica, Arial, sans-serif' }}>
        <Container style={{ maxWidth: 600, background: '#ffffff', padding: 32 }}>
          <Heading as="h1">Today’s trending papers</Heading>
          {chosen.map((each) =>
            each === undefined ? null : (
              <Section key={each.paper.id}>
                <Heading as="h2" style={{ fontSize: 19, lineHeight: '28px' }}>
                  <Link href={`${site}/paper/${each.paper.id}`}>{each.paper.title}</Link>
                </Heading>
                <Text style={soft}>{each.paper.authors.map(({ name }) => name).join(', ')}</Text>
                <Text style={soft}>{each.paper.upvotes} votes</Text>
                <Text style={body}>{each.paper.summary}</Text>
                <Text style={soft}>
                  <Link href={`https://arxiv.org/abs/${each.paper.id}`}>arXiv</Link> ·{' '}
                  <Link href={`https://arxiv.org/pdf/${each.paper.id}`}>PDF</Link> ·{' '}
                  <Link href={`${site}/feedback/${subscriber}/${each.paper.id}/more`}>More like this</Link> ·{' '}
                  <Link href={`${site}/feedback/${subscriber}/${each.paper.id}/less`}>Less like this</Link>
                </Text>
                <Hr />
              </Section>
            ),
          )}
          <Text style={soft}>
            You receive this because you subscribed. <Link href={`${site}/unsubscribe/${subscriber}`}>Unsubscribe</Link>
          </Text>
        </Container>
      </Body>
    </Html>
  )
}
