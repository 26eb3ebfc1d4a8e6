/** Colours are written `#rrggbb`. */
type Rgb = readonly [number, number, number]

/** Returns the contrast ratio of two colours, from 1 to 21 (WCAG 2.2). */
export function contrastOf(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** Returns the relative luminance of a colour, from 0 for black to 1 for white (WCAG 2.2). */
export function luminance(colour: string): number {
  const [r, g, b] = rgbOf(colour).map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Returns a colour between two others. A share of 0 is the first, of 1 the second. */
export function mix(from: string, to: string, share: number): string {
  const [a, b] = [rgbOf(from), rgbOf(to)]
  return hexOf(a.map((value, at) => value + ((b[at] ?? 0) - value) * share) as unknown as Rgb)
}

/**
 * Returns the colour itself if it has at least the contrast `least` on each ground. Otherwise returns the nearest colour of
 * the same hue that has, or null if none has.
 */
export function nearestPassing(colour: string, grounds: readonly string[], least: number): string | null {
  const passes = (each: string) => grounds.every((ground) => contrastOf(each, ground) >= least)
  if (passes(colour)) return colour
  const [hue, saturation, lightness] = hslOf(rgbOf(colour))
  for (let step = 1; step <= LIGHTNESS_STEPS; step += 1)
    for (const moved of [lightness - step / LIGHTNESS_STEPS, lightness + step / LIGHTNESS_STEPS]) {
      const each = hexOf(rgbFrom(hue, saturation, Math.min(1, Math.max(0, moved))))
      if (passes(each)) return each
    }
  return null
}

const LIGHTNESS_STEPS = 200

function rgbOf(colour: string): Rgb {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as unknown as Rgb
}

function hexOf(rgb: Rgb): string {
  return `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`
}

/** Returns hue (0 to 6), saturation and lightness (0 to 1). */
function hslOf(rgb: Rgb): Rgb {
  const [r, g, b] = rgb.map((value) => value / 255) as unknown as Rgb
  const most = Math.max(r, g, b)
  const range = most - Math.min(r, g, b)
  const lightness = most - range / 2
  if (range === 0) return [0, 0, lightness]
  const saturation = range / (1 - Math.abs(2 * lightness - 1))
  const hue = most === r ? ((g - b) / range + 6) % 6 : most === g ? (b - r) / range + 2 : (r - g) / range + 4
  return [hue, saturation, lightness]
}

function rgbFrom(hue: number, saturation: number, lightness: number): Rgb {
  const range = (1 - Math.abs(2 * lightness - 1)) * saturation
  const between = range * (1 - Math.abs((hue % 2) - 1))
  const sectors: readonly Rgb[] = [
    [range, between, 0],
    [between, range, 0],
    [0, range, between],
    [0, between, range],
    [between, 0, range],
    [range, 0, between],
  ]
  const sector = sectors[Math.floor(hue) % 6] ?? [0, 0, 0]
  return sector.map((value) => (value + lightness - range / 2) * 255) as unknown as Rgb
}
