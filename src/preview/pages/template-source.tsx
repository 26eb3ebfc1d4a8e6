import type { TemplateSource } from '../preview-mails.ts'
import { type PreviewQuery, previewPath } from '../query.ts'
import type { TemplateFault } from '../templates/template-faults.ts'
import { NumberedLines } from './numbered-lines.tsx'

/** One file of the template with its path and line numbers, and links to the other files of the mail. */
export function TemplateView({
  settings,
  source,
  fault,
}: {
  readonly settings: PreviewQuery
  readonly source: TemplateSource | null
  /** The error of the template, or null. */
  readonly fault: TemplateFault | null
}) {
  if (source === null) return null
  if (source.kind === 'nothing') return <p className="nothing">{source.why}</p>
  const { paths, file, hasOurs } = source
  const here = fault?.file === `templates/${file.path}` ? fault.line : null
  return (
    <div className="template">
      <nav
        className="choices"
        aria-label={`Files of this mail, ${settings.engine === 'mjml' ? 'MJML' : 'React'}${settings.revision === 'commit' ? ', last commit' : ''}`}
      >
        {paths.map((path) => (
          <a
            key={path}
            href={previewPath('/', settings, { file: path })}
            aria-current={path === file.path ? 'true' : undefined}
          >
            {path}
          </a>
        ))}
      </nav>
      {fault === null ? null : (
        <p className="bad" role="alert">
          {fault.words} <FaultPlace settings={settings} fault={fault} />
        </p>
      )}
      <p className="path">
        <b>templates/{file.path}</b>
        {settings.revision === 'commit' ? ', as of the last commit' : ''}
        {hasOurs ? whose(file.own, file.path) : ''}
      </p>
      <NumberedLines text={file.text} here={here} />
    </div>
  )
}

function whose(isOwn: boolean, path: string): string {
  return isOwn ? ', your own file' : `, ours. To change it: paperround templates copy FOLDER ${path.split('/')[0]}`
}

/** A link to the line of an error. */
export function FaultPlace({ settings, fault }: { readonly settings: PreviewQuery; readonly fault: TemplateFault }) {
  if (fault.file === null) return null
  const file = fault.file.replace(/^templates\//, '')
  const path = previewPath('/', settings, { view: 'template', file })
  return (
    <a href={fault.line === null ? path : `${path}#line-${fault.line}`} data-key="o">
      {fault.file}
      {fault.line === null ? '' : `:${fault.line}`}
    </a>
  )
}
