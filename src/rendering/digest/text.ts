import { say } from '../../language/language.ts'
import { footerLines } from '../brand/mail-look.ts'
import { wrap } from '../wrap.ts'
import type { CardView, DigestView, LineView } from './view.ts'

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
    lines: view.lines.map((line) => lineOf(line, view)),
  }
}

function headOf({ slot, brand, dayLong, votesAsOf, incomplete }: DigestView): string {
  return [
    brand,
    slot.heading,
    wrap([dayLong, votesAsOf].filter((part) => part !== '').join(' · ')),
    slot.summary,
    ...(incomplete === null ? [] : ['', wrap(say('digest.note', { note: incomplete }))]),
    '',
    `${say('digest.browser')}: ${slot.browserUrl}`,
    `${say('mail.unsubscribe')}: ${slot.unsubscribeUrl}`,
    '',
    RULE,
    '',
    '',
  ].join('\n')
}

function tailOf({ slot, brand, postalAddress, look }: DigestView): string {
  return [
    RULE,
    slot.reason,
    slot.interests,
    '',
    `${say('digest.preferences')}: ${slot.preferencesUrl}`,
    `${say('digest.browser')}: ${slot.browserUrl}`,
    `${say('mail.unsubscribe')}: ${slot.unsubscribeUrl}`,
    '',
    wrap(postalAddress === null ? brand : `${brand}, ${postalAddress}`),
    ...footerLines(look).map((line) => wrap(line)),
    '',
  ].join('\n')
}

function cardOf(paper: CardView, { slot }: DigestView): string {
  return [
    `${slot.rank}${wrap(paper.title, INDENT)}`,
    ...indented(paper.byline),
    `     ${slot.why}`,
    ...(paper.words === '' ? [] : ['', ...indented(`${paper.label && `${paper.label}: `}${paper.words}`)]),
    '',
    `     ${slot.titleUrl}`,
    ...paper.links.map(({ label, url }) => `     ${label}: ${url}`),
    `     ${say('digest.more')}: ${slot.moreUrl}`,
    `     ${say('digest.lessLikeThis')}: ${slot.lessUrl}`,
    `     ${say('digest.save')}: ${slot.saveUrl}`,
    '',
    '',
  ].join('\n')
}

function lineOf({ title, bare }: LineView, { slot }: DigestView): string {
  const why = bare ? [] : [`     ${slot.why}`]
  return [`${slot.rank}${wrap(title, INDENT)}`, ...why, `     ${slot.titleUrl}`, '', ''].join('\n')
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
  return say('count.papers', { count })
}
