import { Heading, Link, Text } from '@react-email/components'
import { type CSSProperties, Fragment } from 'react'
import type { CardView, DigestView, PaperView } from '../../src/rendering/digest/view.ts'
import { Frame, Margin, Sheet } from '../frame/frame.tsx'
import { actLink, HEAD, headline, LINK, SOFT, small, softLink } from '../frame/style.ts'

const RULE = '1px solid #e1e4e6'
const titleLink: CSSProperties = { color: HEAD, textDecoration: 'none' }
const cardCell: CSSProperties = { padding: '22px 0 20px', borderTop: RULE, verticalAlign: 'top' }
const rankCell: CSSProperties = { color: SOFT, verticalAlign: 'top' }

/** The digest as a React Email template, with the same text as digest.mjml. */
export function DigestMail({ view }: { readonly view: DigestView }) {
  const { slot, papers } = view
  return (
    <Frame title={view.title} preheader={slot.preheader}>
      <Margin padding="14px 32px 12px">
        <Text className="soft" style={{ ...small, textAlign: 'right' }}>
          <Quiet href={slot.browserUrl} label="View in browser" /> ·{' '}
          <Quiet href={slot.unsubscribeUrl} label="Unsubscribe" />
        </Text>
      </Margin>
      <Sheet>
        <Masthead view={view} />
        <table width="100%" cellPadding={0} cellSpacing={0} role="presentation" style={{ borderCollapse: 'collapse' }}>
          <tbody>
            {view.cards.map((card) => (
              <Card key={`${card.id} ${card.form}`} paper={card} view={view} />
            ))}
            <Cut view={view} part="list" />
            <tr>
              <td className="ink rule" colSpan={2} style={{ padding: '30px 0 12px', borderTop: RULE }}>
                <Heading as="h2" style={{ margin: 0, fontSize: 19, lineHeight: '28px', fontWeight: 700, color: HEAD }}>
                  {slot.listHeading}
                </Heading>
              </td>
            </tr>
            {papers.map((paper) => (
              <Line key={paper.id} paper={paper} view={view} />
            ))}
            <Cut view={view} part="more" />
            <tr>
              <td />
              <td className="act" style={{ padding: '0 0 18px', fontSize: 15, lineHeight: '23px' }}>
                <a href={view.webUrl} style={actLink}>
                  {slot.moreLabel}
                </a>
              </td>
            </tr>
            <Cut view={view} part="end" />
          </tbody>
        </table>
      </Sheet>
      <Footer view={view} />
    </Frame>
  )
}

/** A marker at which the fragments are cut apart (src/rendering/digest/placeholders.ts). */
function Cut({ view, part }: { readonly view: DigestView; readonly part: string }) {
  return <tr data-cut={`${view.cut}-${part}`} />
}

function Masthead({ view }: { readonly view: DigestView }) {
  const { slot } = view
  return (
    <>
      <Text className="act" style={{ ...small, lineHeight: '20px', fontWeight: 700, letterSpacing: '0.4px' }}>
        <Link href={view.publicUrl} style={{ color: LINK, textDecoration: 'none' }} dir="auto">
          {view.brand}
        </Link>
      </Text>
      <Heading as="h1" className="ink" style={headline}>
        {slot.heading}
      </Heading>
      <Text className="soft" style={{ ...small, margin: '0 0 20px', fontSize: 14, lineHeight: '22px' }}>
        {view.dayLong} · {slot.count}
        {view.votesAsOf === '' ? null : <br />}
        {view.votesAsOf}
      </Text>
      {view.incomplete === null ? null : (
        <Text
          className="note"
          style={{
            margin: '0 0 20px',
            padding: '10px 14px',
            borderRadius: 6,
            fontSize: 14,
            lineHeight: '22px',
            background: '#faf3d7',
            color: '#574a12',
          }}
        >
          {view.incomplete}
        </Text>
      )}
    </>
  )
}

function Card({ paper, view }: { readonly paper: CardView; readonly view: DigestView }) {
  const { slot } = view
  return (
    <>
      <Cut view={view} part="card" />
      <tr>
        <td className="rank rule soft" width={46} style={{ ...cardCell, ...rankCell }}>
          <div style={{ fontSize: 22, lineHeight: '28px' }}>{slot.rank}</div>
          {paper.votes === null ? null : (
            <div style={{ fontSize: 12, lineHeight: '16px', paddingTop: 4 }}>
              <b>{paper.votes.count}</b>
              <br />
              {paper.votes.word}
            </div>
          )}
        </td>
        <td className="ink rule" style={{ ...cardCell, wordBreak: 'break-word', fontSize: 16, lineHeight: '26px' }}>
          <h2 dir="auto" style={{ margin: 0, fontSize: 19, lineHeight: '28px', fontWeight: 600 }}>
            <a href={paper.url} style={titleLink}>
              {paper.title}
            </a>
          </h2>
          {paper.byline === '' ? null : (
            <div className="soft" dir="auto" style={{ fontSize: 14, lineHeight: '21px', paddingTop: 4, color: SOFT }}>
              {paper.byline}
            </div>
          )}
          <div className="why" dir="auto" style={{ fontSize: 14, lineHeight: '21px', paddingTop: 4, color: LINK }}>
            {`${slot.why}${paper.evidence}`}
          </div>
          {paper.label === '' ? null : (
            <div className="soft" style={{ fontSize: 13, lineHeight: '19px', paddingTop: 10, color: SOFT }}>
              {paper.label}
            </div>
          )}
          {paper.words === '' ? null : (
            <div dir="auto" style={{ paddingTop: paper.label === '' ? 10 : 2 }}>
              {paper.words}
            </div>
          )}
          <CardLinks paper={paper} view={view} />
        </td>
      </tr>
    </>
  )
}

function CardLinks({ paper, view }: { readonly paper: PaperView; readonly view: DigestView }) {
  return (
    <>
      <div className="act" style={{ fontSize: 14, lineHeight: '24px', paddingTop: 10 }}>
        {paper.links.map(({ label, url }, index) => (
          <Fragment key={label}>
            {index === 0 ? '' : ' · '}
            <a href={url} style={{ color: LINK }}>
              {label}
            </a>
          </Fragment>
        ))}
      </div>
      <div className="soft" style={{ fontSize: 13, lineHeight: '24px' }}>
        <a href={view.slot.moreUrl} style={{ color: SOFT }}>
          More like this
        </a>
        {' · '}
        <a href={view.slot.lessUrl} style={{ color: SOFT }}>
          Less like this
        </a>
      </div>
    </>
  )
}

function Line({ paper, view }: { readonly paper: PaperView; readonly view: DigestView }) {
  const cell: CSSProperties = { padding: '0 0 14px', verticalAlign: 'top' }
  return (
    <>
      <Cut view={view} part="line" />
      <tr>
        <td className="rank soft" width={46} style={{ ...cell, fontSize: 15, lineHeight: '23px', color: SOFT }}>
          {view.slot.rank}
        </td>
        <td className="ink" style={{ ...cell, wordBreak: 'break-word' }}>
          <div dir="auto" style={{ fontSize: 15, lineHeight: '23px' }}>
            <a href={paper.url} style={titleLink}>
              {paper.title}
            </a>
          </div>
          <div className="soft" dir="auto" style={{ fontSize: 13, lineHeight: '19px', color: SOFT }}>
            {view.slot.why}
          </div>
        </td>
      </tr>
    </>
  )
}

function Footer({ view }: { readonly view: DigestView }) {
  const { slot, brand, postalAddress } = view
  return (
    <Margin padding="22px 32px 40px">
      <Text className="soft" dir="auto" style={small}>
        {slot.reason}
      </Text>
      <Text className="soft" dir="auto" style={small}>
        {slot.interests}
      </Text>
      <Text className="soft" style={{ ...small, paddingTop: 10 }}>
        <Quiet href={slot.preferencesUrl} label="Preferences" /> ·{' '}
        <Quiet href={slot.browserUrl} label="View in browser" /> ·{' '}
        <Quiet href={slot.unsubscribeUrl} label="Unsubscribe" />
      </Text>
      <Text className="soft" dir="auto" style={{ ...small, paddingTop: 10 }}>
        {postalAddress === null ? brand : `${brand}, ${postalAddress}`}
      </Text>
    </Margin>
  )
}

function Quiet({ href, label }: { readonly href: string; readonly label: string }) {
  return (
    <Link href={href} style={softLink}>
      {label}
    </Link>
  )
}
