import { mailedBytes } from '../../rendering/fragment.ts'
import { kilobytes } from '../checks/size.ts'
import type { PreviewMail } from '../preview-mails.ts'
import { type PreviewQuery, previewPath } from '../query.ts'
import type { TemplateFault } from '../templates/template-faults.ts'

/** One mail in one view. `other`: the mail that it is compared with. */
export function Pane({
  settings,
  mail,
  other,
}: {
  readonly settings: PreviewQuery
  readonly mail: PreviewMail
  readonly other: PreviewMail | null
}) {
  return (
    <section className={`pane in-${settings.view}`} aria-label={captionOf(settings)}>
      <p className="caption">
        <b>{captionOf(settings)}</b>
        {mail.kind === 'mail' ? <span>{factsOf(mail, other)}</span> : null}
      </p>
      <Content settings={settings} mail={mail} />
    </section>
  )
}

function captionOf({ engine, revision, view, tone, images }: PreviewQuery): string {
  const parts = [engine === 'mjml' ? 'MJML' : 'React', revision === 'now' ? 'as saved' : 'last commit', view]
  const rendered = view === 'desktop' || view === 'phone' || view === 'clipped'
  if (rendered && tone !== 'light') parts.push(tone === 'inverted' ? 'inverted (a simulation)' : tone)
  if (rendered && images === 'off') parts.push('images off')
  return parts.join(' · ')
}

function factsOf(mail: PreviewMail & { kind: 'mail' }, other: PreviewMail | null): string {
  const size = kilobytes(mailedBytes(mail.message.html))
  if (other?.kind !== 'mail') return size
  return `${size}, ${mail.message.html === other.message.html ? 'same HTML' : 'different HTML'}`
}

function Content({ settings, mail }: { readonly settings: PreviewQuery; readonly mail: PreviewMail }) {
  if (mail.kind === 'nothing') return <p className="nothing">{mail.why}</p>
  if (mail.kind === 'fault') return <FaultBox fault={mail.fault} />
  const { message, eml } = mail
  switch (settings.view) {
    case 'text':
      return (
        <pre className="paper" dir="auto">
          {message.text}
        </pre>
      )
    case 'source':
      return <Source html={message.html} />
    case 'headers':
      return <Headers eml={eml} />
    default:
      return (
        <iframe
          className={settings.view}
          title={captionOf(settings)}
          src={previewPath('/mail', settings, { panel: 'checks', beside: 'none' })}
          // Scripts stay off. The same origin lets the page set the frame to the mail's height.
          sandbox="allow-same-origin"
        />
      )
  }
}

function Source({ html }: { readonly html: string }) {
  return (
    <ol className="source">
      {html.split('\n').map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is identified by its number.
        <li key={index} id={`line-${index + 1}`}>
          <code>{line}</code>
        </li>
      ))}
    </ol>
  )
}

function Headers({ eml }: { readonly eml: Buffer }) {
  const head = eml.toString('latin1').split('\r\n\r\n')[0] ?? ''
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  return (
    <table className="headers">
      <caption>As written by the outbox transport</caption>
      <tbody>
        {lines.map((line) => (
          <tr key={line}>
            <th scope="row">{line.slice(0, line.indexOf(':'))}</th>
            <td>{line.slice(line.indexOf(':') + 1).trim()}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** An error of a template, shown in place of its mail. */
export function FaultBox({ fault }: { readonly fault: TemplateFault }) {
  return (
    <div className="broken" role="alert">
      <h2>This template has an error</h2>
      {fault.file === null ? null : (
        <p className="where">
          {fault.file}
          {fault.line === null ? '' : `:${fault.line}`}
        </p>
      )}
      <pre>{fault.words}</pre>
      {fault.excerpt.length === 0 ? null : (
        <ol className="excerpt" start={fault.excerpt[0]?.line}>
          {fault.excerpt.map(({ line, text, here }) => (
            <li key={line} className={here ? 'here' : undefined}>
              <code>{text}</code>
            </li>
          ))}
        </ol>
      )}
      <p>Save a file in templates/ to try again.</p>
    </div>
  )
}
