import type { BrandColours } from '../../../rendering/brand/brand.ts'
import { fittedTo, graphicFittedTo, paletteOf, type Scheme } from '../../../rendering/brand/palette.ts'

/** The program's colours that keep their meaning, as in style/10-base.css and admin.css. */
const SIGNALS = {
  light: {
    bad: ['#a3221b', '#fbecea'],
    good: ['#1f6b3a', '#e8f4ec'],
    warn: ['#8a5a00', '#fdf3dc'],
    lines: ['#1d5a8e', '#b3401f', '#5b3f8f'],
  },
  dark: {
    bad: ['#f2a29b', '#3a2220'],
    good: ['#8fd3a6', '#1d3025'],
    warn: ['#e8c170', '#352c18'],
    lines: ['#7fb6e3', '#f0906f', '#bba4ec'],
  },
} as const

/** Returns a style sheet that replaces the colours of style.css and admin.css. It is loaded after them. */
export function brandStyle({ light, dark }: { readonly light: BrandColours; readonly dark: BrandColours }): string {
  return [
    `:root{${declarations(light, 'light')}}`,
    `@media (prefers-color-scheme:dark){:root{${declarations(dark, 'dark')}}}`,
    '',
  ].join('\n')
}

function declarations(colours: BrandColours, scheme: Scheme): string {
  const palette = paletteOf(colours, scheme)
  const { page, sheet, tint, ink, soft, rule, accent, onAccent } = palette
  const { bad, good, warn, lines } = SIGNALS[scheme]
  const values = {
    page,
    sheet,
    tint,
    ink,
    soft,
    rule,
    link: accent,
    act: accent,
    'on-act': onAccent,
    bad: fittedTo(palette, bad[0], bad[1]),
    'bad-tint': bad[1],
    good: fittedTo(palette, good[0], good[1]),
    'good-tint': good[1],
    warn: fittedTo(palette, warn[0], warn[1]),
    'warn-tint': warn[1],
    'line-1': graphicFittedTo(palette, lines[0]),
    'line-2': graphicFittedTo(palette, lines[1]),
    'line-3': graphicFittedTo(palette, lines[2]),
  }
  return Object.entries(values)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';')
}
