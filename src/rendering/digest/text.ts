import { wrap } from '../wrap.ts'
import { type CardView, counted, type DigestView, type PaperView } from './view.ts'

const INDENT = 5 // `100. `
const RULE = '-'.repeat(76)

/** The fragments of the text part, with placeholders. */
export interface TextInput {
  readonly shell: { readonly head: string; readonly tail: string }
  readonly list: string
  readonly more: string
  readonly cards: readonly string[]
  readonly lines: readonly string[]
}

/**
 * Renders the text part. It is written as text and not derived from the HTML, for subscribers who read plain text and
 * for spam filters that compare both parts.
 */
export function renderDigestText(view: DigestView): TextInput {
  const { slot } = view
  return {
    shell: { head: headOf(view), tail: tailOf(view) },
    list: `${RULE}\n${slot.listHeading}\n\n`,
    more: `     ${slot.moreLabel}:\n     ${view.webUrl}\n\n`,
    cards: view.cards.map((card) => cardOf(card, view)),
    lines: view.papers.map((paper) => lineOf(paper, view)),
  }
}

function headOf({ slot, brand, dayLong, votesAsOf, incomplete }: DigestView): string {
  return [
    brand,
    slot.heading,
    wrap([dayLong, slot.count].join(' · ')),
    ...(votesAsOf === '' ? [] : [votesAsOf]),
    ...(incomplete === null ? [] : ['', wrap(`Note: ${incomplete}`)]),
    '',
    `View in browser: ${slot.browserUrl}`,
    `Unsubscribe: ${slot.unsubscribeUrl}`,
    '',
    RULE,
    '',
    '',
  ].join('\n')
}

function tailOf({ slot, brand, postalAddress }: DigestView): string {
  return [
    RULE,
    slot.reason,
    slot.interests,
    '',
    `Preferences: ${slot.preferencesUrl}`,
    `View in browser: ${slot.browserUrl}`,
    `Unsubscribe: ${slot.unsubscribeUrl}`,
    '',
    wrap(postalAddress === null ? brand : `${brand}, ${postalAddress}`),
    '',
  ].join('\n')
}

function cardOf(paper: CardView, { slot }: DigestView): string {
  const facts = [paper.votes === null ? '' : `${paper.votes.count} ${paper.votes.word}`, paper.evidence.slice(3)]
  return [
    `${slot.rank}${wrap(paper.title, INDENT)}`,
    ...indented(paper.byline),
    ...indented(facts.filter((fact) => fact !== '').join(' · ')),
    `     ${slot.why}`,
    ...(paper.words === '' ? [] : ['', ...indented(paper.label && `${paper.label}:`), ...indented(paper.words)]),
    '',
    `     ${paper.url}`,
    ...paper.links.map(({ label, url }) => `     ${label}: ${url}`),
    `     More like this: ${slot.moreUrl}`,
    `     Less like this: ${slot.lessUrl}`,
    '',
    '',
  ].join('\n')
}

function lineOf(paper: PaperView, { slot }: DigestView): string {
  return [`${slot.rank}${wrap(paper.title, INDENT)}`, `     ${slot.why}`, `     ${paper.url}`, '', ''].join('\n')
}

function indented(text: string): string[] {
  return text === '' ? [] : [`${' '.repeat(INDENT)}${wrap(text, INDENT)}`]
}

/** Formats a rank for the text part, as wide as its indentation. */
export function textRank(rank: number): string {
  return `${String(rank).padStart(3)}. `
}

/** Wraps the reason of a paper for the text part. */
export function textWhy(why: string): string {
  return wrap(why, INDENT)
}

/** `56 papers`, `1 paper`. */
export function papersCounted(count: number): string {
  return counted(count, 'paper')
}
