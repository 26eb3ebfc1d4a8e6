import {
  BESIDES,
  type Beside,
  isFramed,
  type PreviewQuery,
  previewPath,
  TONES,
  type Tone,
  VIEWS,
  type View,
} from '../query.ts'
import { WidthChoice } from './width.tsx'

const VIEW_WORDS: Readonly<Record<View, string>> = {
  desktop: 'Desktop',
  phone: 'Phone',
  clipped: 'Clipped',
  text: 'Text',
  source: 'Source',
  headers: 'Headers',
  template: 'Template',
}
const TONE_WORDS: Readonly<Record<Tone, string>> = { light: 'Light', dark: 'Dark', inverted: 'Inverted' }
const TONE_KEYS: Readonly<Record<Tone, string>> = { light: 'l', dark: 'd', inverted: 'x' }
const BESIDE_WORDS: Readonly<Record<Beside, string>> = {
  none: 'None',
  engine: 'MJML / React',
  commit: 'Last commit',
  dark: 'Dark',
  phone: 'Phone',
  text: 'Text',
}
const BESIDE_KEYS: Readonly<Partial<Record<Beside, string>>> = { none: 'n', engine: 'b', commit: 'v' }

/** The view settings. Every choice is a link, so the URL always names the view. */
export function Toolbar({ settings }: { readonly settings: PreviewQuery }) {
  const choice = (change: Partial<PreviewQuery>, words: string, on: boolean, key?: string) => (
    <a
      key={words}
      href={previewPath('/', settings, change)}
      data-key={on ? undefined : key}
      data-resets-width={change.width === null ? 'yes' : undefined}
      aria-current={on ? 'true' : undefined}
      title={key === undefined ? undefined : `Key ${key}`}
    >
      {words}
    </a>
  )
  return (
    <nav className="toolbar" aria-label="View">
      <div className="choices">
        <span>Template</span>
        {choice({ engine: 'mjml', file: '' }, 'MJML', settings.engine === 'mjml', 'm')}
        {choice({ engine: 'react', file: '' }, 'React', settings.engine === 'react', 'm')}
      </div>
      <div className="choices">
        <span>View</span>
        {VIEWS.map((view, index) =>
          choice({ view, width: null }, VIEW_WORDS[view], settings.view === view, String(index + 1)),
        )}
      </div>
      {isFramed(settings) ? <WidthChoice settings={settings} /> : null}
      <div className="choices">
        <span>Colours</span>
        {TONES.map((tone) => choice({ tone }, TONE_WORDS[tone], settings.tone === tone, TONE_KEYS[tone]))}
      </div>
      <div className="choices">
        <span>Images</span>
        {choice({ images: 'on' }, 'On', settings.images === 'on', 'i')}
        {choice({ images: 'off' }, 'Off', settings.images === 'off', 'i')}
      </div>
      <div className="choices">
        <span>Compare</span>
        {BESIDES.map((beside) =>
          choice({ beside }, BESIDE_WORDS[beside], settings.beside === beside, BESIDE_KEYS[beside]),
        )}
      </div>
    </nav>
  )
}
