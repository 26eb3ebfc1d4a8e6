import type { PreviewMail } from '../preview-mails.ts'
import { type PreviewQuery, previewPath } from '../query.ts'
import { HiddenSettings } from './hidden-settings.tsx'

/** Buttons that copy or download the shown mail. Without JavaScript, a copy button opens the text, to copy it by hand. */
export function Actions({ settings, mail }: { readonly settings: PreviewQuery; readonly mail: PreviewMail }) {
  const there = mail.kind === 'mail'
  return (
    <div className="actions">
      <form action="/raw" method="get" className="choices" target="_blank" rel="noopener">
        <span>Copy</span>
        <HiddenSettings settings={settings} />
        {there ? <CopyButton part="html" words="HTML" name="HTML part" shortcut="c" /> : null}
        {there ? <CopyButton part="text" words="Text" name="text part" shortcut="t" /> : null}
        <CopyButton part="template" words="Template" name="template" shortcut="u" />
      </form>
      {there ? (
        <div className="choices">
          <span>Download</span>
          <a href={previewPath('/shot.png', settings)} data-key="p" data-download="the picture" title="Key p">
            PNG
          </a>
          <a href={previewPath('/mail.html', settings)} data-key="h" title="Key h" download>
            HTML
          </a>
          <a href={previewPath('/mail.eml', settings)} data-key="r" title="Key r" download>
            .eml
          </a>
        </div>
      ) : null}
      <p className="told" role="status" data-told="yes" />
    </div>
  )
}

function CopyButton(props: {
  readonly part: string
  readonly words: string
  readonly name: string
  readonly shortcut: string
}) {
  return (
    <button
      type="submit"
      name="part"
      value={props.part}
      data-copy={props.name}
      data-key={props.shortcut}
      title={`Key ${props.shortcut}`}
      aria-label={`Copy the ${props.name}`}
    >
      {props.words}
    </button>
  )
}
