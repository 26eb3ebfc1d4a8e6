import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Font } from 'satori'
import { PACKAGE_ROOT } from '../../../platform/paths.ts'
import { OWN_COLOURS, paletteOf } from '../../../rendering/brand/palette.ts'
import { openDrawSvg } from '../../layout/brand/draw-svg.ts'
import type { Site } from '../../layout/page.ts'
import { CARD_SIZE, type Card, without } from './card.ts'

/** Draws cards as PNG pictures. Equal cards give equal bytes. */
export type DrawCard = (card: Card, fallback: Card) => Promise<Buffer>

/** Loads the libraries and the typeface, which takes 0.5 s, so it is done for the first picture only. */
export async function openDrawCard(look: CardLook = OWN_LOOK): Promise<DrawCard> {
  const require = createRequire(import.meta.url)
  const [{ default: satori }, draw] = await Promise.all([import('satori'), openDrawSvg()])
  const fonts = fontsFrom((file) => readFileSync(require.resolve(`@fontsource/inter/files/${file}`)))
  /** Returns the drawing, and the characters that the typeface lacks. */
  const svgOf = async (card: Card) => {
    const missing = new Set<string>()
    const svg = await satori(layoutOf(card, look) as Parameters<typeof satori>[0], {
      ...CARD_SIZE,
      fonts,
      loadAdditionalAsset: async (_code, text) => {
        for (const character of text) missing.add(character)
        return []
      },
    })
    return { svg, missing }
  }
  return async (card, fallback) => {
    let { svg, missing } = await svgOf(card)
    if (missing.size > 0) {
      const rest = without(card, missing)
      svg = (await svgOf(rest ?? fallback)).svg
    }
    // Lets the server answer other requests between the two halves of the work.
    await setImmediate()
    return draw(svg)
  }
}

const SCRIPTS = ['latin', 'latin-ext', 'greek', 'cyrillic', 'vietnamese']
const WEIGHTS = [400, 600] as const
/** A family for each script. satori takes a character from the first that has it. */
const FAMILY = SCRIPTS.join(', ')

function fontsFrom(read: (file: string) => Buffer): Font[] {
  return SCRIPTS.flatMap((script) =>
    WEIGHTS.map(
      (weight): Font => ({
        name: script,
        weight,
        style: 'normal',
        data: read(`inter-${script}-${weight}-normal.woff`),
      }),
    ),
  )
}

interface Element {
  readonly type: string
  readonly props: Readonly<Record<string, unknown>>
}

function box(style: Readonly<Record<string, unknown>>, children: string | readonly Element[]): Element {
  return { type: 'div', props: { style: { display: 'flex', ...style }, children } }
}

/** The colours of a picture, and its mark. */
export interface CardLook {
  readonly page: string
  readonly ink: string
  readonly soft: string
  readonly accent: string
  /** A `data:` address, or null. */
  readonly mark: string | null
}

const OWN_LOOK: CardLook = {
  page: '#fbfbf9',
  ink: '#191d1c',
  soft: '#57605d',
  accent: '#0d5c50',
  mark: dataUrl('image/svg+xml', readFileSync(join(PACKAGE_ROOT, 'src/web/assets/icon.svg'))),
}

/** Returns the look of pictures for a brand, or undefined for the program's own. */
export function cardLookOf({ brand, brandAssets }: Site): CardLook | undefined {
  if (brand.look === undefined || brandAssets === undefined) return undefined
  const { page, ink, soft, accent } = paletteOf((brand.look.colours ?? OWN_COLOURS).light, 'light')
  const icon = brandAssets.files.get(brandAssets.icon.path.replace(/^.*\/|\?.*$/g, ''))
  const mark = icon === undefined || brand.look.iconPath === null ? null : dataUrl(icon.type, icon.body)
  return { page, ink, soft, accent, mark }
}

function dataUrl(type: string, body: Buffer): string {
  return `data:${type};base64,${body.toString('base64')}`
}

/** The mark and the name, the title as large as it fits, and the lines below it. */
function layoutOf({ name, kicker, title, lines }: Card, { page, ink, soft, accent, mark }: CardLook): Element {
  const size = title.length <= 50 ? 76 : title.length <= 95 ? 64 : title.length <= 135 ? 54 : 48
  const images = mark === null ? [] : [{ type: 'img', props: { src: mark, width: 64, height: 64 } }]
  return box(
    {
      flexDirection: 'column',
      justifyContent: 'space-between',
      boxSizing: 'border-box',
      ...CARD_SIZE,
      padding: '64px 72px 60px',
      background: page,
      borderBottom: `16px solid ${accent}`,
      color: ink,
      fontFamily: FAMILY,
      fontSize: 30,
    },
    [
      box({ alignItems: 'center', justifyContent: 'space-between', width: '100%' }, [
        box({ alignItems: 'center' }, [
          ...images,
          box({ marginLeft: images.length * 20, fontSize: 34, fontWeight: 600 }, name),
        ]),
        box({ color: soft }, kicker),
      ]),
      box(
        {
          display: 'block',
          lineClamp: 4,
          fontSize: size,
          fontWeight: 600,
          lineHeight: 1.18,
          letterSpacing: '-0.02em',
          wordBreak: 'break-word',
        },
        title,
      ),
      box(
        { flexDirection: 'column', color: soft, lineHeight: 1.45 },
        lines.map((line) => box({}, line)),
      ),
    ],
  )
}
