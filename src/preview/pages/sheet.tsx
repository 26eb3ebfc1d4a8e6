import type { Owned } from '../../rendering/own-templates/own-templates.ts'
import { type PreviewQuery, previewPath } from '../query.ts'
import { OwnMark } from './sidebar.tsx'

export interface ContactSheetProps {
  readonly settings: PreviewQuery
  readonly mails: readonly { readonly scenario: string; readonly title: string; readonly owned: Owned }[]
}

/** All mails on one page as thumbnails. */
export function ContactSheet({ settings, mails }: ContactSheetProps) {
  const choice = (change: Partial<PreviewQuery>, words: string, on: boolean, key: string) => (
    <a
      href={previewPath('/sheet', settings, change)}
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
            {choice({ engine: 'mjml' }, 'MJML', settings.engine === 'mjml', 'm')}
            {choice({ engine: 'react' }, 'React', settings.engine === 'react', 'm')}
          </div>
          <div className="choices">
            {choice({ view: 'desktop' }, 'Desktop', settings.view !== 'phone', '1')}
            {choice({ view: 'phone' }, 'Phone', settings.view === 'phone', '2')}
          </div>
          <div className="choices">
            {choice({ tone: 'light' }, 'Light', settings.tone === 'light', 'l')}
            {choice({ tone: 'dark' }, 'Dark', settings.tone === 'dark', 'd')}
            {choice({ tone: 'inverted' }, 'Inverted', settings.tone === 'inverted', 'x')}
          </div>
          <a href={previewPath('/', settings)} data-key="g">
            Back to the mail
          </a>
          <button type="button" data-key="?" aria-label="Keyboard shortcuts">
            ?
          </button>
        </nav>
      </header>
      <ul className={`contacts ${settings.view === 'phone' ? 'phone' : 'desktop'}`}>
        {mails.map(({ scenario, title, owned }) => (
          <li key={scenario}>
            <a href={previewPath('/', settings, { scenario })}>{title}</a>
            <OwnMark of={owned} />
            <div className="thumb">
              <iframe
                title={title}
                src={previewPath('/mail', settings, { scenario })}
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
