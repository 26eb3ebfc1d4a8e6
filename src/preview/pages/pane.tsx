import { mailedBytes } from '../../rendering/fragment.ts'
import { kilobytes } from '../checks/size.ts'
import type { PreviewMail, TemplateSource } from '../preview-mails.ts'
import { isFramed, type PreviewQuery, previewPath, widthOf } from '../query.ts'
import type { TemplateFault } from '../templates/template-faults.ts'
import { NumberedLines } from './numbered-lines.tsx'
import { FaultPlace, TemplateView } from './template-source.tsx'

/** One mail in one view. */
export interface Shown {
  readonly settings: PreviewQuery
  readonly mail: PreviewMail
  /** The template, if the view shows it. */
  readonly source: TemplateSource | null
}

/** One mail in one view. `other`: the mail that it is compared with. `fixed`: it does not take the chosen width. */
export function Pane({
  settings,
  mail,
  source,
  other,
  fixed = false,
}: Shown & { readonly other: PreviewMail | null; readonly fixed?: boolean }) {
  return (
    <section className={`pane in-${settings.view}`} aria-label={captionOf(settings)}>
      <p className="caption">
        <b>{captionOf(settings)}</b>
        {mail.kind === 'mail' ? <span>{factsOf(mail, other)}</span> : null}
      </p>
      <Content settings={settings} mail={mail} source={source} fixed={fixed} />
    </section>
  )
}

function captionOf(settings: PreviewQuery): string {
  const { engine, revision, view, tone, images } = settings
  const parts = [engine === 'mjml' ? 'MJML' : 'React', revision === 'now' ? 'as saved' : 'last commit', view]
  const rendered = isFramed(settings)
  if (rendered && tone !== 'light') parts.push(tone === 'inverted' ? 'inverted (a simulation)' : tone)
  if (rendered && images === 'off') parts.push('images off')
  return parts.join(' · ')
}

function factsOf(mail: PreviewMail & { kind: 'mail' }, other: PreviewMail | null): string {
  const size = kilobytes(mailedBytes(mail.message.html))
  if (other?.kind !== 'mail') return size
  return `${size}, ${mail.message.html === other.message.html ? 'same HTML' : 'different HTML'}`
}

function Content({ settings, mail, source, fixed }: Shown & { readonly fixed: boolean }) {
  if (settings.view === 'template')
    return <TemplateView settings={settings} source={source} fault={mail.kind === 'fault' ? mail.fault : null} />
  if (mail.kind === 'nothing') return <p className="nothing">{mail.why}</p>
  if (mail.kind === 'fault') return <FaultBox fault={mail.fault} settings={settings} />
  const { message, eml } = mail
  switch (settings.view) {
    case 'text':
      return (
        <pre className="paper" dir="auto">
          {message.text}
        </pre>
      )
    case 'source':
      return <NumberedLines text={message.html} />
    case 'headers':
      return <Headers eml={eml} />
    default:
      return (
        <div className="frame">
          <iframe
            className={settings.view}
            title={captionOf(settings)}
            src={previewPath('/mail', settings, { panel: 'checks', beside: 'none', width: null, file: '' })}
            width={widthOf(settings)}
            data-width={widthOf(settings)}
            data-fixed={fixed ? 'yes' : undefined}
            // Scripts stay off. The same origin lets the page set the frame to the mail's height.
            sandbox="allow-same-origin"
          />
        </div>
      )
  }
}

/** The headers of a message, one a row. */
export function Headers({ eml }: { readonly eml: Buffer }) {
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

/** An error of a template, shown in place of its mail. With `settings`, its place is a link to the template. */
export function FaultBox(props: { readonly fault: TemplateFault; readonly settings?: PreviewQuery }) {
  const { fault, settings } = props
  return (
    <div className="broken" role="alert">
      <h2>This template has an error</h2>
      {fault.file === null ? null : (
        <p className="where">
          {settings === undefined ? (
            `${fault.file}${fault.line === null ? '' : `:${fault.line}`}`
          ) : (
            <FaultPlace settings={settings} fault={fault} />
          )}
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
