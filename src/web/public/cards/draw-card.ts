import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Font } from 'satori'
import { PACKAGE_ROOT } from '../../../platform/paths.ts'
import { CARD_SIZE, type Card, without } from './card.ts'

/** Draws cards as PNG pictures. Equal cards give equal bytes. */
export type DrawCard = (card: Card, fallback: Card) => Promise<Buffer>

/** Loads the libraries and the typeface, which takes 0.5 s, so it is done for the first picture only. */
export async function openDrawCard(): Promise<DrawCard> {
  const require = createRequire(import.meta.url)
  const [{ default: satori }, { initWasm, Resvg }] = await Promise.all([import('satori'), import('@resvg/resvg-wasm')])
  wasm ??= initWasm(readFileSync(require.resolve('@resvg/resvg-wasm/index_bg.wasm')))
  await wasm
  const fonts = fontsFrom((file) => readFileSync(require.resolve(`@fontsource/inter/files/${file}`)))
  const mark = `data:image/svg+xml;base64,${readFileSync(join(PACKAGE_ROOT, 'src/web/assets/icon.svg')).toString('base64')}`
  /** Returns the drawing, and the characters that the typeface lacks. */
  const svgOf = async (card: Card) => {
    const missing = new Set<string>()
    const svg = await satori(layoutOf(card, mark) as Parameters<typeof satori>[0], {
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
    const picture = new Resvg(svg)
    const image = picture.render()
    const png = Buffer.from(image.asPng())
    image.free()
    picture.free()
    return png
  }
}

/** The module can be initialised only once. */
let wasm: Promise<void> | null = null

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

const INK = '#191d1c'
const SOFT = '#57605d'

/** The mark and the name, the title as large as it fits, and the lines below it. */
function layoutOf({ name, kicker, title, lines }: Card, mark: string): Element {
  const size = title.length <= 50 ? 76 : title.length <= 95 ? 64 : title.length <= 135 ? 54 : 48
  const image = { type: 'img', props: { src: mark, width: 64, height: 64 } }
  return box(
    {
      flexDirection: 'column',
      justifyContent: 'space-between',
      boxSizing: 'border-box',
      ...CARD_SIZE,
      padding: '64px 72px 60px',
      background: '#fbfbf9',
      borderBottom: '16px solid #0d5c50',
      color: INK,
      fontFamily: FAMILY,
      fontSize: 30,
    },
    [
      box({ alignItems: 'center', justifyContent: 'space-between', width: '100%' }, [
        box({ alignItems: 'center' }, [image, box({ marginLeft: 20, fontSize: 34, fontWeight: 600 }, name)]),
        box({ color: SOFT }, kicker),
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
        { flexDirection: 'column', color: SOFT, lineHeight: 1.45 },
        lines.map((line) => box({}, line)),
      ),
    ],
  )
}
