import { CONTRAST_MIN, GRAPHIC_CONTRAST_MIN } from '../../../config/limits-brand.ts'
import type { BrandColours } from './brand.ts'
import { contrastOf, luminance, mix, nearestPassing } from './contrast.ts'

export type Scheme = 'light' | 'dark'

/** The program's own colours of pages. */
export const OWN_COLOURS: Readonly<Record<Scheme, BrandColours>> = {
  light: { accent: '#0d5c50', background: '#fbfbf9', ink: '#191d1c' },
  dark: { accent: '#82d3c2', background: '#121615', ink: '#e3e8e5' },
}

/** Every colour of a page or a mail in one scheme. All texts have a contrast of at least 4.5 on each ground. */
export interface Palette {
  readonly page: string
  /** The ground of cards, forms and mails. */
  readonly sheet: string
  readonly tint: string
  readonly ink: string
  readonly soft: string
  readonly rule: string
  /** Links and buttons. */
  readonly accent: string
  readonly onAccent: string
}

/** Two colours of BRAND_FILE whose contrast is too weak. */
export interface WeakPair {
  readonly text: 'accent' | 'ink'
  /** The ground on which the contrast is weakest. */
  readonly ground: string
  readonly ratio: number
  /** The nearest colour for the text that passes, or null if none does. */
  readonly nearest: string | null
}

/** Returns the ground of cards and mails: a little lighter than the page. */
function sheetOf(background: string, scheme: Scheme): string {
  return mix(background, '#ffffff', scheme === 'light' ? 0.7 : 0.045)
}

/** Returns the pairs of three colours whose contrast is too weak on the background, or on the cards that lie on it. */
export function weakPairs({ accent, background, ink }: BrandColours, scheme: Scheme): WeakPair[] {
  const grounds = [background, sheetOf(background, scheme)]
  const pairs = [
    ['ink', ink],
    ['accent', accent],
  ] as const
  return pairs.flatMap(([text, colour]) => {
    const [worst] = grounds
      .map((ground) => ({ ground, ratio: contrastOf(colour, ground) }))
      .sort((a, b) => a.ratio - b.ratio)
    if (worst === undefined || worst.ratio >= CONTRAST_MIN) return []
    return [{ text, ...worst, nearest: nearestPassing(colour, grounds, CONTRAST_MIN) }]
  })
}

/** Derives all colours of a scheme from three that pass `weakPairs`. */
export function paletteOf({ accent, background, ink }: BrandColours, scheme: Scheme): Palette {
  const sheet = sheetOf(background, scheme)
  const tint = tintOf(sheet, accent, ink)
  const grounds = [background, sheet, tint]
  return {
    page: background,
    sheet,
    tint,
    ink,
    soft: softOf(ink, grounds),
    rule: mix(sheet, ink, 0.13),
    accent,
    onAccent: contrastOf('#ffffff', accent) >= CONTRAST_MIN ? '#ffffff' : '#000000',
  }
}

/** Returns a colour of the program itself, such as that of errors, so that it can be read on its own ground and on those of a palette. */
export function fittedTo({ page, sheet, tint }: Palette, colour: string, ground: string): string {
  const grounds = [page, sheet, tint, ground]
  return nearestPassing(colour, grounds, CONTRAST_MIN) ?? extremeOn(page)
}

/** The same for a line in a chart. */
export function graphicFittedTo({ page, sheet }: Palette, colour: string): string {
  return nearestPassing(colour, [page, sheet], GRAPHIC_CONTRAST_MIN) ?? extremeOn(page)
}

function extremeOn(page: string): string {
  return luminance(page) > 0.18 ? '#000000' : '#ffffff'
}

/** Returns a ground with a share of the accent on which links and texts can still be read. */
function tintOf(sheet: string, accent: string, ink: string): string {
  for (let share = 0.09; share > 0; share -= 0.01) {
    const tint = mix(sheet, accent, share)
    if ([accent, ink].every((text) => contrastOf(text, tint) >= CONTRAST_MIN)) return tint
  }
  return sheet
}

/** A text colour that is weaker than the ink. */
function softOf(ink: string, grounds: readonly string[]): string {
  for (let share = 0.3; share > 0; share -= 0.02) {
    const soft = mix(ink, grounds[0] ?? ink, share)
    if (grounds.every((ground) => contrastOf(soft, ground) >= CONTRAST_MIN + 0.1)) return soft
  }
  return ink
}
