import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as limits from '../../../config/limits.ts'
import type { AbstractForm, ShortForm } from '../../domain/subscriber.ts'
import { PACKAGE_ROOT } from '../../platform/paths.ts'
import { feedbackEnding } from '../../security/signed-links.ts'
import { cleanLine } from '../escape.ts'
import type { Fragment } from '../fragment.ts'
import { renderMjml } from '../mjml.ts'
import { renderReact } from '../react.ts'
import { ownComponent } from '../registry.ts'
import type { Templates } from '../templates.ts'
import {
  cutFragment,
  cutFragments,
  type FragmentName,
  type JoinedFragment,
  type PlaceholderMarks,
  type TemplateFragment,
} from './placeholders.ts'
import type { DigestPaper, DigestProps, TemplateEngine } from './props.ts'
import { renderDigestText } from './text.ts'
import { type DigestView, viewOf } from './view.ts'

/**
 * An edition's message in fragments. Per subscriber, only the selection of fragments and the placeholder values remain.
 */
export interface CompiledDigest {
  readonly frequency: 'daily' | 'weekly'
  readonly html: CompiledForm
  readonly text: CompiledForm
  /** By paper id. */
  readonly papers: ReadonlyMap<string, CompiledPaper>
  /** Cached papers, by paper and reason, then by rank. */
  readonly placed: Map<DigestPaper, PlacedPaper[]>
}

/** The edition with full abstracts, and with each short form. */
export interface CompiledEdition extends CompiledDigest {
  readonly short: Readonly<Record<ShortForm, CompiledDigest>>
}

/** The HTML or the text part of a message. */
export interface CompiledForm {
  readonly head: TemplateFragment
  /** Placed before the title lines, if there are any. */
  readonly list: TemplateFragment
  /** Placed after them, if some papers are left to the web. */
  readonly more: TemplateFragment
  readonly tail: TemplateFragment
}

export interface CompiledPaper {
  readonly title: string
  readonly abstract: string
  readonly html: { readonly card: TemplateFragment; readonly line: TemplateFragment }
  readonly text: { readonly card: TemplateFragment; readonly line: TemplateFragment }
  /** Cached title lines without a personal reason, by rank. */
  readonly lines: TitleLine[]
}

/** A paper as a title line. */
export interface TitleLine {
  readonly html: Fragment
  readonly text: Fragment
}

/** A paper at a rank of a digest, with its reason. All subscribers who have it there share it. */
export interface PlacedPaper {
  readonly pick: DigestPaper
  readonly paper: CompiledPaper
  readonly rank: number
  /** Sizes as a title line. */
  readonly lineBytes: Sizes
  /** Null until someone gets the paper as a card. */
  card: Card | null
}

/** Sizes in both parts of a message, in bytes. */
export interface Sizes {
  readonly html: number
  readonly text: number
}

/** A card with its rank and reason. Only the subscriber's feedback links are missing. */
export interface Card {
  readonly html: JoinedFragment
  readonly text: JoinedFragment
}

/**
 * Renders the template once for a whole edition, with marks where subscribers differ, and cuts it at the marks. Pure.
 * `templates` replaces the program's own templates, for the preview. Throws when the template is invalid or one of our
 * own links is not http(s).
 */
export async function compileDigest(
  props: DigestProps,
  engine: TemplateEngine,
  templates?: Templates,
): Promise<CompiledEdition> {
  const { view, marks } = viewOf(props)
  const html = cutHtml(await render(view, engine, templates), view, marks)
  const text = renderDigestText(view)
  const cut = (fragment: string) => cutFragment(fragment, marks)
  const lines = props.papers.map(({ abstract }, index) => ({
    title: view.papers[index]?.title ?? '',
    abstract: cleanLine(abstract),
    html: cut(html.lines[index] ?? ''),
    text: cut(text.lines[index] ?? ''),
    own: [],
  }))
  const shell = {
    frequency: props.frequency,
    html: { head: cut(html.head), list: cut(html.list), more: cut(html.more), tail: cut(html.tail) },
    text: { head: cut(text.shell.head), list: cut(text.list), more: cut(text.more), tail: cut(text.shell.tail) },
  }
  const cards = view.cards.map(({ id, form }, index) => ({
    id,
    form,
    html: cut(withFeedbackEndings(html.cards[index] ?? '', id, marks)),
    text: cut(withFeedbackEndings(text.cards[index] ?? '', id, marks)),
  }))
  return inForms(shell, lines, cards, props.papers)
}

/** Adds the paper and the verdict after each feedback slot, so that one value fills all of a subscriber's slots. */
function withFeedbackEndings(card: string, id: string, { slots }: PlaceholderMarks): string {
  return card
    .replaceAll(slots.moreUrl, (slot) => slot + feedbackEnding(id, 'more'))
    .replaceAll(slots.lessUrl, (slot) => slot + feedbackEnding(id, 'less'))
}

interface CompiledLine {
  readonly title: string
  readonly abstract: string
  readonly html: TemplateFragment
  readonly text: TemplateFragment
  /** Same as `CompiledPaper.lines`; shared by all forms. */
  readonly own: TitleLine[]
}

interface CompiledCard {
  readonly id: string
  readonly form: AbstractForm
  readonly html: TemplateFragment
  readonly text: TemplateFragment
}

/** A paper without a card of a short form uses its longer form. The fragments are shared, not copied. */
function inForms(
  shell: Omit<CompiledDigest, 'papers' | 'placed'>,
  lines: readonly CompiledLine[],
  cards: readonly CompiledCard[],
  papers: DigestProps['papers'],
): CompiledEdition {
  const byForm = new Map(cards.map((card) => [`${card.id} ${card.form}`, card]))
  const inForm = (...forms: readonly AbstractForm[]): CompiledDigest => ({
    ...shell,
    placed: new Map(),
    papers: new Map(
      papers.flatMap(({ id }, index): [string, CompiledPaper][] => {
        const line = lines[index]
        const card = forms.map((form) => byForm.get(`${id} ${form}`)).find((each) => each !== undefined)
        if (line === undefined || card === undefined) return []
        const { title, abstract } = line
        const html = { card: card.html, line: line.html }
        return [[id, { title, abstract, html, text: { card: card.text, line: line.text }, lines: line.own }]]
      }),
    ),
  })
  return {
    ...inForm('abstracts'),
    short: {
      sentences: inForm('sentences', 'abstracts'),
      summaries: inForm('summaries', 'sentences', 'abstracts'),
    },
  }
}

async function render(view: DigestView, engine: TemplateEngine, templates?: Templates): Promise<string> {
  return engine === 'mjml'
    ? renderMjml('digest', view, templates?.files)
    : renderReact(templates?.component('digest') ?? (await ownComponent('digest')), view)
}

interface CutHtml {
  readonly head: string
  readonly cards: readonly string[]
  readonly list: string
  readonly lines: readonly string[]
  readonly more: string
  readonly tail: string
}

function cutHtml(html: string, view: DigestView, marks: PlaceholderMarks): CutHtml {
  const { head, parts } = cutFragments(html, marks)
  const of = (name: FragmentName) => parts.filter((part) => part.name === name).map((part) => part.html)
  const { cards, papers } = view
  const expected = [...cards.map(() => 'card'), 'list', ...papers.map(() => 'line'), 'more', 'end'].join()
  if (parts.map(({ name }) => name).join() !== expected)
    throw new Error(
      'the digest template must mark each card, the list, each title line, the rest and the end, in order',
    )
  return {
    head,
    cards: of('card'),
    list: of('list')[0] ?? '',
    lines: of('line'),
    more: of('more')[0] ?? '',
    tail: of('end')[0] ?? '',
  }
}

const TEMPLATE_FOLDERS = [
  'frame',
  'digest',
  'confirm',
  'welcome',
  'goodbye',
  'known',
  'address-confirm',
  'address-changed',
  'preferences-link',
]

const DECIDING_PACKAGES = { mjml: ['mjml', 'handlebars'], react: ['react', '@react-email/components'] } as const

/**
 * Returns a version of the rendered output: 16 hex digits over the templates, this folder, the limits in
 * `config/limits.ts` and the versions of the rendering packages. A parcel stores it, so that one can tell how a message was rendered.
 */
export function templateVersion(engine: TemplateEngine): string {
  const hash = createHash('sha256').update(engine).update(JSON.stringify(limits))
  const folders = TEMPLATE_FOLDERS.map((name) => join(PACKAGE_ROOT, 'templates', name))
  const here = dirname(fileURLToPath(import.meta.url))
  for (const folder of [...folders, dirname(here), here])
    for (const file of filesOf(folder)) hash.update(`\0${file}\0`).update(readFileSync(join(folder, file)))
  for (const name of DECIDING_PACKAGES[engine]) hash.update(`\0${name} ${packageVersion(name)}`)
  return hash.digest('hex').slice(0, 16)
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map(({ name }) => name)
    .sort()
}

/** Returns the version of an installed package. Throws when it is not installed. */
export function packageVersion(name: string): string {
  // Some packages do not export their package.json, so it is searched for above their entry file.
  let folder = dirname(createRequire(import.meta.url).resolve(name))
  while (dirname(folder) !== folder) {
    try {
      const found = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        name?: string
        version?: string
      }
      if (found.name === name) return found.version ?? ''
    } catch {
      // No package.json in this folder.
    }
    folder = dirname(folder)
  }
  throw new Error(`the package ${name} is not installed`)
}
