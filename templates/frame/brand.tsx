import type { CSSProperties } from 'react'
import type { MailLook } from '../../src/rendering/brand/mail-look.ts'

/** The logo of the brand, or its name. It is the content of a link to the front page. Same as logo.mjml. */
export function Logo({ look, name }: { readonly look: MailLook; readonly name: string }) {
  const { logo } = look
  if (logo === null) return name
  const { alt, width, height } = logo
  const picture = (className: string, src: string, style: CSSProperties) => (
    <img
      className={className}
      src={src}
      alt={alt}
      width={width}
      height={height}
      // @ts-expect-error: Outlook needs this attribute, which HTML no longer has.
      border="0"
      // React adds no preload link to the head for a lazy image.
      loading="lazy"
      style={{ ...style, border: 0, margin: '0 0 10px', fontSize: 17 }}
    />
  )
  return (
    <>
      {picture('logo-light', logo.url, { display: 'block' })}
      {logo.darkUrl === null ? null : picture('logo-dark', logo.darkUrl, HIDDEN)}
      {logo.withName ? name : null}
    </>
  )
}

/** Outlook ignores `display:none`. */
const HIDDEN = { display: 'none', msoHide: 'all' } as CSSProperties

/** The brand's own text and links at the end of a message. Same as colophon.mjml. */
export function Colophon({ look }: { readonly look: MailLook }) {
  const { text, links } = look.footer
  return (
    <>
      {text === null ? null : (
        <div style={{ paddingTop: 10 }} dir="auto">
          {text}
        </div>
      )}
      {links.length === 0 ? null : (
        <div style={{ paddingTop: 10 }} dir="auto">
          {links.map(({ label, url }, at) => (
            <span key={url}>
              {at === 0 ? '' : ' · '}
              <a href={url}>{label}</a>
            </span>
          ))}
        </div>
      )}
    </>
  )
}
