import { SKIM_TITLES_MAX, SKIM_WORDS_MAX } from '../../../config/limits.ts'
import type { AbstractForm, TitleLinks } from '../../domain/subscriber.ts'
import { escapeHtml } from '../escape.ts'
import { Fragment } from '../fragment.ts'
import type { CompiledDigest, CompiledEdition, CompiledForms, CompiledPaper, CompiledTargets } from './compiled.ts'
import type { TemplateFragment } from './placeholders.ts'

/** A title line in both parts of a message. */
export interface LineParts {
  readonly html: TemplateFragment
  readonly text: TemplateFragment
}

/** A paper with what its cards share. */
export interface PaperParts {
  readonly id: string
  readonly title: string
  readonly abstract: string
  readonly url: string
  readonly arxivUrl: string
  readonly line: LineParts
  /** The title line without a reason. */
  readonly bareLine: LineParts
}

/** A card of a paper in one form. */
export interface CardParts extends LineParts {
  readonly id: string
  readonly form: AbstractForm
  /** Returns the HTML with the paper’s picture, if it has one. */
  readonly pictured: () => TemplateFragment
}

type Shell = Pick<CompiledDigest, 'frequency' | 'weekday' | 'hasVotes' | 'html' | 'text'>

/**
 * Arranges the fragments of an edition in every form and for both targets of the titles. A paper without a card of a short
 * form uses its longer form. The fragments are shared, not copied.
 */
export function editionInForms(
  shell: Shell,
  papers: readonly PaperParts[],
  cards: readonly CardParts[],
): CompiledEdition {
  let pictured: CompiledTargets | undefined
  return {
    ...inForms(shell, papers, cards),
    get pictured() {
      pictured ??= inForms(
        shell,
        papers,
        cards.map((card) => ({ ...card, html: card.pictured() })),
      )
      return pictured
    },
  }
}

function inForms(shell: Shell, papers: readonly PaperParts[], cards: readonly CardParts[]): CompiledTargets {
  const byForm = new Map(cards.map((card) => [`${card.id} ${card.form}`, card]))
  const compiled = (bare: boolean, target: TitleLinks, ...forms: readonly AbstractForm[]) =>
    new Map(
      papers.flatMap((paper): [string, CompiledPaper][] => {
        const card = forms.map((form) => byForm.get(`${paper.id} ${form}`)).find((each) => each !== undefined)
        return card === undefined ? [] : [[paper.id, compiledPaper(paper, card, bare, target)]]
      }),
    )
  const plainForm = (target: TitleLinks, ...forms: readonly AbstractForm[]): CompiledDigest => {
    const made = compiled(false, target, ...forms)
    return {
      ...shell,
      papers: made,
      leads: made,
      bareLines: false,
      wordsMax: Number.POSITIVE_INFINITY,
      titlesMax: Number.POSITIVE_INFINITY,
      placed: new Map(),
    }
  }
  const forms = (target: TitleLinks): CompiledForms => ({
    ...plainForm(target, 'abstracts'),
    short: {
      skim: {
        ...shell,
        papers: compiled(true, target, 'skim'),
        leads: compiled(true, target, 'abstracts'),
        bareLines: true,
        wordsMax: SKIM_WORDS_MAX,
        titlesMax: SKIM_TITLES_MAX,
        placed: new Map(),
      },
      sentences: plainForm(target, 'sentences', 'abstracts'),
      summaries: plainForm(target, 'summaries', 'sentences', 'abstracts'),
    },
  })
  return { ...forms('page'), arxiv: forms('arxiv') }
}

function compiledPaper(paper: PaperParts, card: CardParts, bare: boolean, target: TitleLinks): CompiledPaper {
  const { title, abstract } = paper
  const line = bare ? paper.bareLine : paper.line
  const url = target === 'arxiv' ? paper.arxivUrl : paper.url
  return {
    title,
    abstract,
    html: { card: card.html, line: line.html },
    text: { card: card.text, line: line.text },
    titleUrl: { html: new Fragment(escapeHtml(url)), text: new Fragment(url) },
    words: { card: wordCount(card.html), line: wordCount(line.html) },
    lines: [],
  }
}

/** Returns how many words a fragment shows. */
function wordCount({ chunks }: TemplateFragment): number {
  const shown = chunks
    .map(({ text }) => text)
    .join('')
    .replace(/<[^>]*>/g, ' ')
  return shown.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length
}
