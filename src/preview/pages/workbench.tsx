import type { PreviewMail } from '../preview-mails.ts'
import { besideOf, type PreviewQuery, previewPath } from '../query.ts'
import { PropsEditor } from './editor.tsx'
import { Pane } from './pane.tsx'
import { Sidebar, type SidebarProps } from './sidebar.tsx'
import { Toolbar } from './toolbar.tsx'

export interface WorkbenchProps extends SidebarProps {
  readonly brand: string
  readonly note: string
  readonly mail: PreviewMail
  readonly other: PreviewMail | null
  /** The text of the props editor and its fault. */
  readonly draft: { readonly text: string; readonly reason: string | null } | null
  /** Why React templates are not read from their sources, or null when they are. */
  readonly reactNote: string | null
}

/** The main page: all mails, one of them in one or two looks, and what the checks say. */
export function Workbench(props: WorkbenchProps) {
  const { look, mail, other } = props
  const beside = besideOf(look)
  return (
    <div className="bench">
      <Masthead {...props} />
      <Sidebar {...props} />
      <main>
        <h1>{mail.kind === 'mail' ? mail.message.subject : 'No mail'}</h1>
        <p className="lead">{props.note}</p>
        <Toolbar look={look} />
        {props.reactNote === null || look.engine === 'mjml' ? null : <p className="nothing">{props.reactNote}</p>}
        <div className={beside === null ? 'stage' : 'stage two'}>
          <Pane look={look} mail={mail} other={other} />
          {beside === null || other === null ? null : <Pane look={beside} mail={other} other={mail} />}
        </div>
      </main>
      <aside className="panel" aria-label="Checks and props">
        <nav className="choices" aria-label="Panel">
          <PanelLink look={look} panel="checks" words="Checks" />
          <PanelLink look={look} panel="props" words="Props" />
        </nav>
        {look.panel === 'props' ? (
          <PropsEditor look={look} draft={props.draft} />
        ) : mail.kind === 'mail' ? (
          <ChecksPlace look={look} />
        ) : (
          <p className="soft">There is no mail to check.</p>
        )}
      </aside>
    </div>
  )
}

function Masthead({ brand, look, mail }: WorkbenchProps) {
  const there = mail.kind === 'mail'
  return (
    <header className="masthead">
      <a className="wordmark" href="/">
        {brand} <span>preview</span>
      </a>
      <p className="live" role="status" data-live>
        watching templates/
      </p>
      <nav aria-label="Actions">
        <a href={previewPath('/sheet', look)} data-key="g">
          Contact sheet
        </a>
        {there ? (
          <>
            <a href={previewPath('/mail.eml', look)} data-key="r" download>
              .eml
            </a>
            <a className="primary" href={previewPath('/send', look)} data-key="s">
              Send me this
            </a>
          </>
        ) : null}
        <button type="button" data-key="?" aria-label="Keyboard shortcuts">
          ?
        </button>
      </nav>
    </header>
  )
}

function PanelLink({
  look,
  panel,
  words,
}: {
  readonly look: PreviewQuery
  readonly panel: PreviewQuery['panel']
  readonly words: string
}) {
  const on = look.panel === panel
  return (
    <a href={previewPath('/', look, { panel })} aria-current={on ? 'true' : undefined} data-key={on ? undefined : 'e'}>
      {words}
    </a>
  )
}

/** The checks come when the mail is already seen: preview.js fills each place, and each frame, from its address. */
function ChecksPlace({ look }: { readonly look: PreviewQuery }) {
  return (
    <div className="checks">
      <div data-fill={previewPath('/checks', look)}>
        <p className="soft">Checking …</p>
      </div>
      <div id="axe" aria-live="polite">
        <p className="soft">axe-core is looking at the mail …</p>
      </div>
      <div data-fill={previewPath('/spam', look)}>
        <p className="soft">Asking SpamAssassin …</p>
      </div>
      {(['light', 'dark'] as const).map((tone) => (
        <iframe
          key={tone}
          className="offstage"
          title={`The mail for axe-core, ${tone}`}
          tabIndex={-1}
          aria-hidden="true"
          data-src={previewPath('/axe', look, { tone, view: 'desktop' })}
        />
      ))}
    </div>
  )
}
