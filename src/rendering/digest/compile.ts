import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as limits from '../../../config/limits.ts'
import { language } from '../../language/language.ts'
import { PACKAGE_ROOT } from '../../platform/paths.ts'
import { feedbackEnding } from '../../security/signed-links.ts'
import { cleanLine } from '../escape.ts'
import { renderMjml } from '../mjml.ts'
import { renderReact } from '../react.ts'
import { ownComponent } from '../registry.ts'
import type { Templates } from '../templates.ts'
import type { CompiledEdition } from './compiled.ts'
import { editionInForms, type LineParts } from './forms.ts'
import { cutFragment, cutFragments, type FragmentName, type PlaceholderMarks } from './placeholders.ts'
import type { DigestProps, TemplateEngine } from './props.ts'
import { renderDigestText } from './text.ts'
import { type DigestView, viewOf } from './view.ts'

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
  const line = (at: number): LineParts => ({ html: cut(html.lines[at] ?? ''), text: cut(text.lines[at] ?? '') })
  const papers = view.papers.map((paper, index) => ({
    ...paper,
    abstract: cleanLine(props.papers[index]?.abstract ?? ''),
    // In the order of `view.lines`.
    line: line(2 * index),
    bareLine: line(2 * index + 1),
  }))
  const shell = {
    frequency: props.frequency,
    weekday: language().date(props.day, 'weekday'),
    hasVotes: props.papers.some(({ votes }) => votes !== null),
    html: { head: cut(html.head), list: cut(html.list), more: cut(html.more), tail: cut(html.tail) },
    text: { head: cut(text.shell.head), list: cut(text.list), more: cut(text.more), tail: cut(text.shell.tail) },
  }
  const cards = view.cards.map(({ id, form }, index) => {
    const card = withFeedbackEndings(html.cards[index] ?? '', id, marks)
    return {
      id,
      form,
      html: cut(withoutPicture(card, marks)),
      pictured: () => cut(card.replaceAll(marks.slots.picture, '')),
      text: cut(withFeedbackEndings(text.cards[index] ?? '', id, marks)),
    }
  })
  return editionInForms(shell, papers, cards)
}

function withoutPicture(card: string, { slots }: PlaceholderMarks): string {
  // The text between two marks is a picture.
  return card
    .split(slots.picture)
    .filter((_, index) => index % 2 === 0)
    .join('')
}

/** Adds the paper and the verdict after each feedback slot, so that one value fills all of a subscriber's slots. */
function withFeedbackEndings(card: string, id: string, { slots }: PlaceholderMarks): string {
  return card
    .replaceAll(slots.moreUrl, (slot) => slot + feedbackEnding(id, 'more'))
    .replaceAll(slots.lessUrl, (slot) => slot + feedbackEnding(id, 'less'))
    .replaceAll(slots.saveUrl, (slot) => slot + feedbackEnding(id, 'save'))
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
  const { cards, lines } = view
  const expected = [...cards.map(() => 'card'), 'list', ...lines.map(() => 'line'), 'more', 'end'].join()
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
 * Returns a version of the rendered output: 16 hex digits over the templates, `src/rendering`, `src/text`, `src/language`,
 * the messages of the language, the limits in `config/limits.ts` and the versions of the rendering packages. A parcel stores it, so that one can tell how a message was rendered.
 */
export function templateVersion(engine: TemplateEngine, { locale, messages } = language()): string {
  const hash = createHash('sha256').update(engine).update(JSON.stringify(limits))
  const folders = TEMPLATE_FOLDERS.map((name) => join(PACKAGE_ROOT, 'templates', name))
  const here = dirname(fileURLToPath(import.meta.url))
  hash.update(JSON.stringify([locale, messages]))
  for (const folder of [...folders, dirname(here), join(here, '../../text'), join(here, '../../language')])
    for (const file of filesOf(folder)) hash.update(`\0${file}\0`).update(readFileSync(join(folder, file)))
  for (const name of DECIDING_PACKAGES[engine]) hash.update(`\0${name} ${packageVersion(name)}`)
  return hash.digest('hex').slice(0, 16)
}

/** Returns the files in a folder and in the folders within it. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
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
