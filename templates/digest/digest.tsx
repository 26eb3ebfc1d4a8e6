import { Heading } from '@react-email/components'
import { type CSSProperties, Fragment } from 'react'
import type { CardView, DigestView, PaperView } from '../../src/rendering/digest/view.ts'
import { Frame, LAYOUT, Margin, Sheet } from '../frame/frame.tsx'
import { brand, brandLink, HEAD, headline, INK, LINK } from '../frame/style.ts'

const titleLink: CSSProperties = { color: HEAD }
const section: CSSProperties = { margin: 0, fontSize: 19 }
const cardCell: CSSProperties = { padding: '22px 0 20px' }
const lineCell: CSSProperties = { padding: '0 0 14px' }

/** The digest as a React Email template, with the same text and markup as digest.mjml. */
export function DigestMail({ view }: { readonly view: DigestView }) {
  const { slot, papers } = view
  return (
    <Frame title={view.title} preheader={slot.preheader}>
      <Margin padding="14px 32px 12px" style={{ textAlign: 'right' }}>
        <a href={slot.browserUrl}>View in browser</a> · <a href={slot.unsubscribeUrl}>Unsubscribe</a>
      </Margin>
      <Masthead view={view} />
      <Sheet padding="0 32px 12px">
        <table {...LAYOUT} style={{ fontSize: 14, lineHeight: 1.5 }}>
          <tbody style={{ verticalAlign: 'top' }}>
            {view.cards.map((card) => (
              <Card key={`${card.id} ${card.form}`} paper={card} view={view} />
            ))}
            <Cut view={view} part="list" />
            <tr className="card">
              <td colSpan={2} style={{ padding: '30px 0 12px' }}>
                <h2 style={{ ...section, fontWeight: 700, color: HEAD }}>{slot.listHeading}</h2>
              </td>
            </tr>
            {papers.map((paper) => (
              <Line key={paper.id} paper={paper} view={view} />
            ))}
            <Cut view={view} part="more" />
            <tr className="line">
              <td />
              <td className="act" style={{ padding: '0 0 18px', fontSize: 15 }}>
                <a href={view.webUrl}>{slot.moreLabel}</a>
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
      <Sheet padding="32px 32px 20px" style={{ fontSize: 14, lineHeight: '22px' }}>
        <div className="act" style={brand} dir="auto">
          <a className="title" href={view.publicUrl} style={brandLink}>
            {view.brand}
          </a>
        </div>
        <Heading as="h1" style={headline}>
          {slot.heading}
        </Heading>
        {view.dayLong} · {slot.count}
        {view.votesAsOf === '' ? null : <br />}
        {view.votesAsOf}
      </Sheet>
      {view.incomplete === null ? null : (
        <Sheet padding="0 32px 20px" style={{ fontSize: 14, lineHeight: '22px' }}>
          <div
            className="note"
            style={{ padding: '10px 14px', borderRadius: 6, background: '#faf3d7', color: '#574a12' }}
          >
            {view.incomplete}
          </div>
        </Sheet>
      )}
    </>
  )
}

function Card({ paper, view }: { readonly paper: CardView; readonly view: DigestView }) {
  const { slot } = view
  return (
    <>
      <Cut view={view} part="card" />
      <tr className="card">
        <td className="rank" width={46} style={{ ...cardCell, fontSize: 12 }}>
          <div style={{ fontSize: 22 }}>{slot.rank}</div>
          {paper.votes === null ? null : (
            <>
              <b>{paper.votes.count}</b>
              <br />
              {paper.votes.word}
            </>
          )}
        </td>
        <td style={cardCell}>
          <h2 dir="auto" style={section}>
            <a className="title" href={paper.url} style={titleLink}>
              {paper.title}
            </a>
          </h2>
          {paper.byline === '' ? null : (
            <div dir="auto" style={{ paddingTop: 4 }}>
              {paper.byline}
            </div>
          )}
          <div className="why" dir="auto" style={{ paddingTop: 4, color: LINK }}>
            {`${slot.why}${paper.evidence}`}
          </div>
          {paper.label === '' ? null : (
            <div style={{ paddingTop: 10, fontSize: 13, lineHeight: '19px' }}>{paper.label}</div>
          )}
          {paper.words === '' ? null : (
            <div
              className="ink"
              dir="auto"
              style={{ paddingTop: paper.label === '' ? 10 : 2, fontSize: 16, color: INK }}
            >
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
      <div className="act" style={{ paddingTop: 10 }}>
        {paper.links.map(({ label, url }, index) => (
          <Fragment key={label}>
            {index === 0 ? '' : ' · '}
            <a href={url}>{label}</a>
          </Fragment>
        ))}
      </div>
      <div className="soft">
        <a href={view.slot.moreUrl}>More like this</a>
        {' · '}
        <a href={view.slot.lessUrl}>Less like this</a>
      </div>
    </>
  )
}

function Line({ paper, view }: { readonly paper: PaperView; readonly view: DigestView }) {
  return (
    <>
      <Cut view={view} part="line" />
      <tr className="line">
        <td className="rank" width={46} style={lineCell}>
          {view.slot.rank}
        </td>
        <td dir="auto" style={{ ...lineCell, fontSize: 15 }}>
          <a className="title" href={paper.url} style={titleLink}>
            {paper.title}
          </a>
          <div dir="auto">{view.slot.why}</div>
        </td>
      </tr>
    </>
  )
}

function Footer({ view }: { readonly view: DigestView }) {
  const { slot, brand: name, postalAddress } = view
  return (
    <Margin padding="22px 32px 40px">
      <div dir="auto">{slot.reason}</div>
      <div dir="auto">{slot.interests}</div>
      <div style={{ paddingTop: 10 }}>
        <a href={slot.preferencesUrl}>Preferences</a> · <a href={slot.browserUrl}>View in browser</a> ·{' '}
        <a href={slot.unsubscribeUrl}>Unsubscribe</a>
      </div>
      <div style={{ paddingTop: 10 }} dir="auto">
        {postalAddress === null ? name : `${name}, ${postalAddress}`}
      </div>
    </Margin>
  )
}
