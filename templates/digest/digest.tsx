import { Heading } from '@react-email/components'
import { type CSSProperties, Fragment } from 'react'
import { say } from '../../src/language/language.ts'
import type { CardView, DigestView, LineView, PaperView } from '../../src/rendering/digest/view.ts'
import { Colophon, Logo } from '../frame/brand.tsx'
import { Frame, LAYOUT, Margin, Sheet } from '../frame/frame.tsx'
import { brand, brandLink, HEAD, headline, INK, LINK } from '../frame/style.ts'

const titleLink: CSSProperties = { color: LINK }
const section: CSSProperties = { margin: 0, fontSize: 19 }
const cardCell: CSSProperties = { padding: '14px 0 12px' }
const lineCell: CSSProperties = { padding: '0 0 10px' }
const summary: CSSProperties = { paddingTop: 4, fontSize: 16, lineHeight: '24px', color: INK }

/** The digest as a React Email template, with the same text and markup as digest.mjml. */
export function DigestMail({ view }: { readonly view: DigestView }) {
  const { slot } = view
  return (
    <Frame title={view.title} preheader={slot.preheader} look={view.look}>
      <Margin padding="14px 32px 12px" style={{ textAlign: 'right', lineHeight: '20px' }}>
        <a href={slot.browserUrl}>{say('digest.browser')}</a> ·{' '}
        <a href={slot.unsubscribeUrl}>{say('mail.unsubscribe')}</a>
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
              <td colSpan={2} style={{ padding: '22px 0 10px' }}>
                <h2 style={{ ...section, fontWeight: 700, color: HEAD }}>{slot.listHeading}</h2>
              </td>
            </tr>
            {view.lines.map((line) => (
              <Line key={`${line.id} ${line.bare}`} line={line} view={view} />
            ))}
            <Cut view={view} part="more" />
            <tr className="line">
              <td className="rank" />
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
      <Sheet padding="28px 32px 18px" style={{ fontSize: 14, lineHeight: '22px' }}>
        <div className="act" style={brand} dir="auto">
          <a href={view.publicUrl} style={brandLink}>
            <Logo look={view.look} name={view.brand} />
          </a>
        </div>
        <Heading as="h1" style={headline}>
          {slot.heading}
        </Heading>
        {view.votesAsOf === '' ? view.dayLong : `${view.dayLong} · ${view.votesAsOf}`}
        <div className="ink" dir="auto" style={summary}>
          {slot.summary}
        </div>
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
        <td className="rank" width={36} style={{ ...cardCell, fontSize: 17 }}>
          {slot.rank}
        </td>
        <td style={cardCell}>
          <h2 dir="auto" style={{ margin: '0 0 2px', fontSize: paper.brief ? 17 : 19 }}>
            <a className="title" href={slot.titleUrl} style={titleLink}>
              {paper.title}
            </a>
          </h2>
          {paper.byline === '' ? null : <div dir="auto">{paper.byline}</div>}
          <div className="why" dir="auto">
            {slot.why}
          </div>
          {paper.thumbnail === null ? null : <Picture url={paper.thumbnail} view={view} />}
          {paper.words === '' ? null : (
            <div className="ink" dir="auto" style={{ paddingTop: 6, fontSize: 15, color: INK }}>
              {paper.label === '' ? null : (
                <>
                  <i>{paper.label}:</i>{' '}
                </>
              )}
              {paper.words}
            </div>
          )}
          <CardLinks paper={paper} view={view} />
        </td>
      </tr>
    </>
  )
}

/** Between two marks, so that it can be left out. React adds no preload link to the head for a lazy image. */
function Picture({ url, view }: { readonly url: string; readonly view: DigestView }) {
  return (
    <>
      {view.slot.picture}
      <div style={{ paddingTop: 8 }}>
        <img
          src={url}
          alt={say('digest.picture')}
          width={200}
          height={108}
          // @ts-expect-error: Outlook needs this attribute, which HTML no longer has.
          border="0"
          loading="lazy"
          style={{ display: 'block', border: 0, borderRadius: 4, fontSize: 12, lineHeight: '18px' }}
        />
      </div>
      {view.slot.picture}
    </>
  )
}

function CardLinks({ paper, view }: { readonly paper: PaperView; readonly view: DigestView }) {
  return (
    <>
      <div className="act" style={{ paddingTop: 6 }}>
        {paper.links.map(({ label, url }, index) => (
          <Fragment key={label}>
            {index === 0 ? '' : '\u2003'}
            <a href={url}>{label}</a>
          </Fragment>
        ))}
      </div>
      <div className="soft">
        <a href={view.slot.moreUrl}>{say('digest.more')}</a>
        {'\u2003'}
        <a href={view.slot.lessUrl}>{say('digest.less')}</a>
        {'\u2003'}
        <a href={view.slot.saveUrl}>{say('digest.save')}</a>
      </div>
    </>
  )
}

function Line({ line, view }: { readonly line: LineView; readonly view: DigestView }) {
  return (
    <>
      <Cut view={view} part="line" />
      <tr className="line">
        <td className="rank" width={36} style={lineCell}>
          {view.slot.rank}
        </td>
        <td dir="auto" style={{ ...lineCell, fontSize: 15 }}>
          <a className="title" href={view.slot.titleUrl} style={titleLink}>
            {line.title}
          </a>
          {line.bare ? null : <div dir="auto">{view.slot.why}</div>}
        </td>
      </tr>
    </>
  )
}

function Footer({ view }: { readonly view: DigestView }) {
  const { slot, brand: name, postalAddress } = view
  return (
    <Margin padding="20px 32px 32px">
      <div dir="auto">{slot.reason}</div>
      <div dir="auto">{slot.interests}</div>
      <div style={{ paddingTop: 10 }}>
        <a href={slot.preferencesUrl}>{say('digest.preferences')}</a> ·{' '}
        <a href={slot.browserUrl}>{say('digest.browser')}</a> ·{' '}
        <a href={slot.unsubscribeUrl}>{say('mail.unsubscribe')}</a>
      </div>
      <div style={{ paddingTop: 10 }} dir="auto">
        {postalAddress === null ? name : `${name}, ${postalAddress}`}
      </div>
      <Colophon look={view.look} />
    </Margin>
  )
}
