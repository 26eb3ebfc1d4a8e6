import { TEMPLATE_ENGINES, type TemplateEngine } from '../rendering/digest/props.ts'
import { REVISIONS, type Revision } from './templates/template-revisions.ts'

export const VIEWS = ['desktop', 'phone', 'clipped', 'text', 'source', 'headers'] as const
export const TONES = ['light', 'dark', 'inverted'] as const
/** The second view beside the mail, which differs in one setting. */
export const BESIDES = ['none', 'engine', 'commit', 'dark', 'phone', 'text'] as const
export const PANELS = ['checks', 'props'] as const

export type View = (typeof VIEWS)[number]
export type Tone = (typeof TONES)[number]
export type Beside = (typeof BESIDES)[number]

/** The shown mail and its view settings. They are all in the URL, so that a view can be shared. */
export interface PreviewQuery {
  readonly scenario: string
  /** Only of the ledger: whose digest of which day. */
  readonly day: string
  readonly email: string
  /** Props that were edited, by their number; empty for the scenario's own. */
  readonly edit: string
  readonly engine: TemplateEngine
  readonly revision: Revision
  readonly view: View
  readonly tone: Tone
  readonly images: 'on' | 'off'
  readonly beside: Beside
  readonly panel: (typeof PANELS)[number]
}

export const LEDGER_SCENARIO = 'ledger'
const TRANSACTIONAL_PREFIX = 'transactional.'

/** A look from an address; what is missing or unknown is as it is at the start. */
export function readPreviewQuery(query: Readonly<Record<string, unknown>>, engine: TemplateEngine): PreviewQuery {
  const text = (name: string) => (typeof query[name] === 'string' ? query[name] : '')
  return {
    scenario: text('scenario') || 'typical',
    day: text('day'),
    email: text('email'),
    edit: text('edit'),
    engine: oneOf(TEMPLATE_ENGINES, text('engine'), engine),
    revision: oneOf(REVISIONS, text('revision'), 'now'),
    view: oneOf(VIEWS, text('view'), 'desktop'),
    tone: oneOf(TONES, text('tone'), 'light'),
    images: oneOf(['on', 'off'], text('images'), 'on'),
    beside: oneOf(BESIDES, text('beside'), 'none'),
    panel: oneOf(PANELS, text('panel'), 'checks'),
  }
}

const PLAIN: Readonly<Partial<Record<keyof PreviewQuery, string>>> = {
  revision: 'now',
  view: 'desktop',
  tone: 'light',
  images: 'on',
  beside: 'none',
  panel: 'checks',
}

/** The address of a look under `path`. Plain values are left out. */
export function previewPath(path: string, look: PreviewQuery, change: Partial<PreviewQuery> = {}): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...look, ...change }))
    if (value !== '' && value !== PLAIN[name as keyof PreviewQuery]) query.set(name, value)
  return `${path}?${query}`
}

/** Returns the query of the second view, or null. */
export function besideOf(look: PreviewQuery): PreviewQuery | null {
  switch (look.beside) {
    case 'none':
      return null
    case 'engine':
      return { ...look, engine: look.engine === 'mjml' ? 'react' : 'mjml' }
    case 'commit':
      return { ...look, revision: look.revision === 'now' ? 'commit' : 'now' }
    case 'dark':
      return { ...look, tone: look.tone === 'dark' ? 'light' : 'dark' }
    case 'phone':
      return { ...look, view: look.view === 'phone' ? 'desktop' : 'phone' }
    case 'text':
      return { ...look, view: look.view === 'text' ? 'desktop' : 'text' }
  }
}

export function transactionalScenario(folder: string): string {
  return `${TRANSACTIONAL_PREFIX}${folder}`
}

/** The folder of a notice, or null for a digest. */
export function transactionalFolder(scenario: string): string | null {
  return scenario.startsWith(TRANSACTIONAL_PREFIX) ? scenario.slice(TRANSACTIONAL_PREFIX.length) : null
}

function oneOf<T extends string>(known: readonly T[], value: string, otherwise: T): T {
  return known.find((each) => each === value) ?? otherwise
}
