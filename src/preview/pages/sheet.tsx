import { addressOf, type Look } from '../query.ts'

export interface SheetProps {
  readonly look: Look
  readonly mails: readonly { readonly scenario: string; readonly title: string }[]
}

/** Every scenario on one page, small: what stands out is looked at in large. */
export function Sheet({ look, mails }: SheetProps) {
  const choice = (change: Partial<Look>, words: string, on: boolean, key: string) => (
    <a href={addressOf('/sheet', look, change)} aria-current={on ? 'true' : undefined} data-key={on ? undefined : key}>
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
          <a href={addressOf('/', look)} data-key="g">
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
            <a href={addressOf('/', look, { scenario })}>{title}</a>
            <div className="thumb">
              <iframe
                title={title}
                src={addressOf('/mail', look, { scenario })}
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
