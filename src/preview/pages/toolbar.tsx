import { BESIDES, type Beside, type PreviewQuery, previewPath, TONES, type Tone, VIEWS, type View } from '../query.ts'

const VIEW_WORDS: Readonly<Record<View, string>> = {
  desktop: 'Desktop',
  phone: 'Phone',
  clipped: 'Clipped',
  text: 'Text',
  source: 'Source',
  headers: 'Headers',
}
const TONE_WORDS: Readonly<Record<Tone, string>> = { light: 'Light', dark: 'Dark', inverted: 'Inverted' }
const TONE_KEYS: Readonly<Record<Tone, string>> = { light: 'l', dark: 'd', inverted: 'x' }
const BESIDE_WORDS: Readonly<Record<Beside, string>> = {
  none: 'Nothing',
  engine: 'MJML / React',
  commit: 'Last commit',
  dark: 'Dark',
  phone: 'Phone',
  text: 'Text',
}
const BESIDE_KEYS: Readonly<Partial<Record<Beside, string>>> = { none: 'n', engine: 'b', commit: 'v' }

/** How the mail is looked at. Every choice is a link, so that the address always says what is shown. */
export function Toolbar({ look }: { readonly look: PreviewQuery }) {
  const choice = (change: Partial<PreviewQuery>, words: string, on: boolean, key?: string) => (
    <a
      key={words}
      href={previewPath('/', look, change)}
      data-key={on ? undefined : key}
      aria-current={on ? 'true' : undefined}
      title={key === undefined ? undefined : `Key ${key}`}
    >
      {words}
    </a>
  )
  return (
    <nav className="toolbar" aria-label="View">
      <div className="choices">
        <span>Form</span>
        {choice({ engine: 'mjml' }, 'MJML', look.engine === 'mjml', 'm')}
        {choice({ engine: 'react' }, 'React', look.engine === 'react', 'm')}
      </div>
      <div className="choices">
        <span>View</span>
        {VIEWS.map((view, index) => choice({ view }, VIEW_WORDS[view], look.view === view, String(index + 1)))}
      </div>
      <div className="choices">
        <span>Colours</span>
        {TONES.map((tone) => choice({ tone }, TONE_WORDS[tone], look.tone === tone, TONE_KEYS[tone]))}
      </div>
      <div className="choices">
        <span>Images</span>
        {choice({ images: 'on' }, 'On', look.images === 'on', 'i')}
        {choice({ images: 'off' }, 'Off', look.images === 'off', 'i')}
      </div>
      <div className="choices">
        <span>Beside</span>
        {BESIDES.map((beside) => choice({ beside }, BESIDE_WORDS[beside], look.beside === beside, BESIDE_KEYS[beside]))}
      </div>
    </nav>
  )
}
