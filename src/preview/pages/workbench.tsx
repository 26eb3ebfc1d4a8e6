import { type PreviewQuery, previewPath } from '../query.ts'
import { Actions } from './actions.tsx'
import { PropsEditor } from './editor.tsx'
import { Pane, type Shown } from './pane.tsx'
import { Sidebar, type SidebarProps } from './sidebar.tsx'
import { Toolbar } from './toolbar.tsx'

export interface WorkbenchProps extends SidebarProps, Shown {
  readonly brand: string
  readonly note: string
  /** The second view beside the mail, or null. */
  readonly beside: Shown | null
  /** The text of the props editor and its error. */
  readonly draft: { readonly text: string; readonly reason: string | null } | null
  /** Says why React templates are not read from their sources, or null if they are. */
  readonly reactNote: string | null
}

/** The main page: the list of mails, one mail in one or two views, and its checks. */
export function Workbench(props: WorkbenchProps) {
  const { settings, mail, source, beside } = props
  return (
    <div className="bench">
      <Masthead {...props} />
      <Sidebar {...props} />
      <main>
        <h1>{mail.kind === 'mail' ? mail.message.subject : 'No mail'}</h1>
        <p className="lead">{props.note}</p>
        <Toolbar settings={settings} />
        <Actions settings={settings} mail={mail} />
        {props.reactNote === null || settings.engine === 'mjml' ? null : <p className="nothing">{props.reactNote}</p>}
        <div className={beside === null ? 'stage' : 'stage two'}>
          <Pane settings={settings} mail={mail} source={source} other={beside?.mail ?? null} />
          {beside === null ? null : <Pane {...beside} other={mail} fixed={settings.beside === 'phone'} />}
        </div>
      </main>
      <aside className="panel" aria-label="Checks and props">
        <nav className="choices" aria-label="Panel">
          <PanelLink settings={settings} panel="checks" words="Checks" />
          <PanelLink settings={settings} panel="props" words="Props" />
        </nav>
        {settings.panel === 'props' ? (
          <PropsEditor settings={settings} draft={props.draft} />
        ) : mail.kind === 'mail' ? (
          <ChecksPlace settings={settings} />
        ) : (
          <p className="soft">There is no mail to check.</p>
        )}
      </aside>
    </div>
  )
}

function Masthead({ brand, settings, mail }: WorkbenchProps) {
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
        <a href={previewPath('/sheet', settings)} data-key="g">
          Contact sheet
        </a>
        {there ? (
          <a className="primary" href={previewPath('/send', settings)} data-key="s">
            Send me this
          </a>
        ) : null}
        <button type="button" data-key="?" aria-label="Keyboard shortcuts">
          ?
        </button>
      </nav>
    </header>
  )
}

function PanelLink({
  settings,
  panel,
  words,
}: {
  readonly settings: PreviewQuery
  readonly panel: PreviewQuery['panel']
  readonly words: string
}) {
  const on = settings.panel === panel
  return (
    <a
      href={previewPath('/', settings, { panel })}
      aria-current={on ? 'true' : undefined}
      data-key={on ? undefined : 'e'}
    >
      {words}
    </a>
  )
}

/** Placeholders of the checks. preview.js loads them after the mail. */
function ChecksPlace({ settings }: { readonly settings: PreviewQuery }) {
  return (
    <div className="checks">
      <div data-fill={previewPath('/checks', settings)}>
        <p className="soft">Checking …</p>
      </div>
      <div id="axe" aria-live="polite">
        <p className="soft">Running axe-core …</p>
      </div>
      <div data-fill={previewPath('/spam', settings)}>
        <form method="post" action={previewPath('/spam/stop', settings)} className="soft running" data-stop="yes">
          Running SpamAssassin … <button type="submit">Stop</button>
        </form>
      </div>
      {(['light', 'dark'] as const).map((tone) => (
        <iframe
          key={tone}
          className="offstage"
          title={`The mail for axe-core, ${tone}`}
          tabIndex={-1}
          aria-hidden="true"
          data-src={previewPath('/axe', settings, { tone, view: 'desktop', width: null, file: '' })}
        />
      ))}
    </div>
  )
}
