import { type PreviewQuery, previewPath } from '../query.ts'

export interface ContactSheetProps {
  readonly look: PreviewQuery
  readonly mails: readonly { readonly scenario: string; readonly title: string }[]
}

/** Every scenario on one page, small: what stands out is looked at in large. */
export function ContactSheet({ look, mails }: ContactSheetProps) {
  const choice = (change: Partial<PreviewQuery>, words: string, on: boolean, key: string) => (
    <a
      href={previewPath('/sheet', look, change)}
      aria-current={on ? 'true' : undefined}
      data-key={on ? undefined : key}
    >
      {words}
    </a>
  )
  return (
    <main className="sheet">
      <header>
        <h1>Contact sheet</h1>
        <nav className="toolbar" aria-label="View">
          <div className="choices">
            {choice({ engine: 'mjml' }, 'MJML', look.engine === 'mjml', 'm')}
            {choice({ engine: 'react' }, 'React', look.engine === 'react', 'm')}
          </div>
          <div className="choices">
            {choice({ view: 'desktop' }, 'Desktop', look.view !== 'phone', '1')}
            {choice({ view: 'phone' }, 'Phone', look.view === 'phone', '2')}
          </div>
          <div className="choices">
            {choice({ tone: 'light' }, 'Light', look.tone === 'light', 'l')}
            {choice({ tone: 'dark' }, 'Dark', look.tone === 'dark', 'd')}
            {choice({ tone: 'inverted' }, 'Inverted', look.tone === 'inverted', 'x')}
          </div>
          <a href={previewPath('/', look)} data-key="g">
            Back to the mail
          </a>
          <button type="button" data-key="?" aria-label="Keyboard shortcuts">
            ?
          </button>
        </nav>
      </header>
      <ul className={`contacts ${look.view === 'phone' ? 'phone' : 'desktop'}`}>
        {mails.map(({ scenario, title }) => (
          <li key={scenario}>
            <a href={previewPath('/', look, { scenario })}>{title}</a>
            <div className="thumb">
              <iframe
                title={title}
                src={previewPath('/mail', look, { scenario })}
                sandbox="allow-same-origin"
                tabIndex={-1}
              />
            </div>
          </li>
        ))}
      </ul>
    </main>
  )
}
