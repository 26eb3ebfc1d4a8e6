import { PREVIEW_WIDTH_PX_MAX, PREVIEW_WIDTH_PX_MIN } from '../../config/limits-web.ts'
import { TEMPLATE_ENGINES, type TemplateEngine } from '../rendering/digest/props.ts'
import { REVISIONS, type Revision } from './templates/template-revisions.ts'

export const VIEWS = ['desktop', 'phone', 'clipped', 'text', 'source', 'headers', 'template'] as const
export const TONES = ['light', 'dark', 'inverted'] as const
/** The second view beside the mail, which differs in one setting. */
export const BESIDES = ['none', 'engine', 'commit', 'dark', 'phone', 'text'] as const
export const PANELS = ['checks', 'props'] as const

/** Widths of phones, tablets and windows, in px. Any other may be chosen too. */
export const WIDTHS = [320, 375, 414, 600, 768, 1280] as const

export type View = (typeof VIEWS)[number]
export type Tone = (typeof TONES)[number]
export type Beside = (typeof BESIDES)[number]

/** The shown mail and its view settings. They are all in the URL, so that a view can be bookmarked. */
export interface PreviewQuery {
  readonly scenario: string
  /** Day and address of a digest from the database. */
  readonly day: string
  readonly email: string
  /** Number of the edited props, or empty for the scenario's own. */
  readonly edit: string
  readonly engine: TemplateEngine
  readonly revision: Revision
  readonly view: View
  /** The width of the mail in px, or null for that of the view. */
  readonly width: number | null
  readonly tone: Tone
  readonly images: 'on' | 'off'
  readonly beside: Beside
  readonly panel: (typeof PANELS)[number]
  /** The shown file of the template, such as `digest/digest.mjml`, or empty for the first. */
  readonly file: string
}

export const LEDGER_SCENARIO = 'ledger'
const TRANSACTIONAL_PREFIX = 'transactional.'

/** Reads the view settings of a URL. Missing and unknown values get their defaults. */
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
    width: readWidth(text('width')),
    tone: oneOf(TONES, text('tone'), 'light'),
    images: oneOf(['on', 'off'], text('images'), 'on'),
    beside: oneOf(BESIDES, text('beside'), 'none'),
    panel: oneOf(PANELS, text('panel'), 'checks'),
    file: text('file'),
  }
}

/** Whether the view shows the mail itself, so that it has a width. */
export function isFramed({ view }: PreviewQuery): boolean {
  return view === 'desktop' || view === 'phone' || view === 'clipped'
}

/** Returns the width of the mail in px. */
export function widthOf({ view, width }: PreviewQuery): number {
  return width ?? (view === 'phone' ? 375 : 640)
}

const DEFAULTS: Readonly<Partial<Record<keyof PreviewQuery, string>>> = {
  revision: 'now',
  view: 'desktop',
  tone: 'light',
  images: 'on',
  beside: 'none',
  panel: 'checks',
}

/** Returns the URL of a view under `path`, without default values. */
export function previewPath(path: string, query: PreviewQuery, change: Partial<PreviewQuery> = {}): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...query, ...change }))
    if (value !== null && value !== '' && value !== DEFAULTS[name as keyof PreviewQuery])
      params.set(name, String(value))
  return `${path}?${params}`
}

/** Returns a name for files of a mail: `typical.mjml.dark.320`. */
export function fileName(query: PreviewQuery): string {
  const edition = query.scenario === LEDGER_SCENARIO ? query.day : query.scenario
  const parts = [edition, query.engine, query.tone, String(widthOf(query))]
  return parts.map((part) => part.replace(/[^A-Za-z0-9.-]/g, '-')).join('.')
}

/** Returns the query of the second view, or null. */
export function besideOf(query: PreviewQuery): PreviewQuery | null {
  switch (query.beside) {
    case 'none':
      return null
    case 'engine':
      return { ...query, engine: query.engine === 'mjml' ? 'react' : 'mjml', file: '' }
    case 'commit':
      return { ...query, revision: query.revision === 'now' ? 'commit' : 'now' }
    case 'dark':
      return { ...query, tone: query.tone === 'dark' ? 'light' : 'dark' }
    case 'phone':
      return { ...query, view: query.view === 'phone' ? 'desktop' : 'phone', width: null }
    case 'text':
      return { ...query, view: query.view === 'text' ? 'desktop' : 'text' }
  }
}

export function transactionalScenario(folder: string): string {
  return `${TRANSACTIONAL_PREFIX}${folder}`
}

/** Returns the template folder of a transactional email, or null for a digest. */
export function transactionalFolder(scenario: string): string | null {
  return scenario.startsWith(TRANSACTIONAL_PREFIX) ? scenario.slice(TRANSACTIONAL_PREFIX.length) : null
}

function readWidth(text: string): number | null {
  if (!/^\d{1,5}$/.test(text)) return null
  return Math.min(PREVIEW_WIDTH_PX_MAX, Math.max(PREVIEW_WIDTH_PX_MIN, Number(text)))
}

function oneOf<T extends string>(known: readonly T[], value: string, otherwise: T): T {
  return known.find((each) => each === value) ?? otherwise
}
