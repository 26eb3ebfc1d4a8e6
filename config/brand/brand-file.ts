import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import type { BrandColours, BrandLogo, BrandLook, BrandPicture } from '../../src/rendering/brand/brand.ts'
import { luminance, nearestPassing } from '../../src/rendering/brand/contrast.ts'
import { OWN_COLOURS, type Scheme, weakPairs } from '../../src/rendering/brand/palette.ts'
import { BRAND_FILE_BYTES_MAX, CONTRAST_MIN, LOGO_WIDTH_PX_MAX } from '../limits-brand.ts'
import { type ReadPicture, readPicture, served } from './pictures.ts'
import { BRAND_SCHEMA, type BrandValues } from './schema.ts'

/** The content of BRAND_FILE: the name, the look, and the pictures that the website serves for it. */
export interface BrandConfig {
  /** Null: the name of MAIL_FROM. */
  readonly name: string | null
  readonly look: BrandLook
  readonly pictures: readonly BrandPicture[]
}

/** The path of a brand file. */
export const brandFile = () =>
  z
    .string()
    .transform((path, context): BrandConfig | null =>
      readBrandFile(path, (message) => context.addIssue({ code: 'custom', message })),
    )

/** Reads BRAND_FILE and the pictures that it names. Reports every fault with its place in the file and a remedy. */
function readBrandFile(path: string, fault: (message: string) => void): BrandConfig | null {
  const inFile = (message: string) => fault(`names ${path}. There, ${message}`)
  const values = valuesOf(path, fault, inFile)
  if (values === null) return null
  const folder = dirname(resolve(path))
  const pictures: BrandPicture[] = []
  const open = (key: string, file: string): ReadPicture | null => {
    const result = readPicture(resolve(folder, file))
    if (!result.ok) inFile(`${key}: ${result.fault}`)
    return result.ok ? result.picture : null
  }
  const add = (name: string, picture: ReadPicture, drawnWidth?: number): string => {
    const made = served(name, picture, drawnWidth)
    pictures.push(made.picture)
    return made.path
  }
  const look: BrandLook = {
    colours: coloursOf(values.colours, inFile),
    logo: logoOf(values, { open, add, inFile }),
    iconPath: iconOf(values, { open, add, inFile }),
    footer: { text: values.footer?.text ?? null, links: values.footer?.links ?? [] },
    senders: { digest: values.senders?.digest ?? null, transactional: values.senders?.transactional ?? null },
  }
  return { name: values.name ?? null, look, pictures }
}

type Report = (message: string) => void

function valuesOf(path: string, fault: Report, inFile: Report): BrandValues | null {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined || !found.isFile() || found.size > BRAND_FILE_BYTES_MAX) {
    fault(`must be the path of a JSON file of at most ${BRAND_FILE_BYTES_MAX / 1000} KB. ${path} is not`)
    return null
  }
  const text = readFileSync(path, 'utf8')
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    inFile(`${lineOf((error as Error).message, text)}the JSON is not valid: ${(error as Error).message}`)
    return null
  }
  const parsed = BRAND_SCHEMA.safeParse(json)
  if (parsed.success) return parsed.data
  for (const { path: place, message } of parsed.error.issues) inFile(`${placeOf(place)} ${message}`)
  return null
}

/** `footer.links[0].url`. */
function placeOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the file'
  return path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at === 0 ? '' : '.'}${String(part)}`))
    .join('')
}

function lineOf(message: string, text: string): string {
  const position = /position (\d+)/.exec(message)?.[1]
  return position === undefined ? '' : `in line ${text.slice(0, Number(position)).split('\n').length}, `
}

/**
 * Returns all six colours. A missing colour is the program's own, except that an accent for light mode is also used in dark
 * mode, as bright as it must be there.
 */
function coloursOf(given: BrandValues['colours'], inFile: Report): BrandLook['colours'] {
  if (given === undefined) return null
  const light: BrandColours = completed(given.light, 'light')
  const ownDark: BrandColours = completed(given.dark, 'dark')
  const derived =
    given.dark?.accent ?? (given.light?.accent === undefined ? undefined : brightened(light.accent, ownDark))
  const dark = derived === undefined ? ownDark : { ...ownDark, accent: derived }
  checkColours('light', light, inFile)
  checkColours('dark', dark, inFile)
  return { light, dark }
}

function completed(given: NonNullable<BrandValues['colours']>['light'], scheme: Scheme): BrandColours {
  const { accent, background, ink } = OWN_COLOURS[scheme]
  return { accent: given?.accent ?? accent, background: given?.background ?? background, ink: given?.ink ?? ink }
}

function brightened(accent: string, { background }: BrandColours): string {
  return nearestPassing(accent, [background], CONTRAST_MIN + 1) ?? OWN_COLOURS.dark.accent
}

function checkColours(scheme: Scheme, colours: BrandColours, inFile: Report): void {
  const isLight = luminance(colours.background) > luminance(colours.ink)
  if (isLight !== (scheme === 'light')) {
    inFile(
      `colours.${scheme}.background must be ${scheme === 'light' ? 'lighter' : 'darker'} than colours.${scheme}.ink`,
    )
    return
  }
  for (const { text, ground, ratio, nearest } of weakPairs(colours, scheme))
    inFile(
      `colours.${scheme}.${text} ${colours[text]} has a contrast of ${Math.floor(ratio * 100) / 100}:1 on ${
        ground === colours.background ? `colours.${scheme}.background ${ground}` : `cards (${ground})`
      }, and text needs ${CONTRAST_MIN}:1 (WCAG 2.2 AA). ${
        nearest === null ? 'Choose another background' : `The nearest colour that passes is ${nearest}`
      }`,
    )
}

interface PictureParts {
  readonly open: (key: string, file: string) => ReadPicture | null
  readonly add: (name: string, picture: ReadPicture, drawnWidth?: number) => string
  readonly inFile: Report
}

function logoOf({ logo, name }: BrandValues, { open, add, inFile }: PictureParts): BrandLogo | null {
  if (logo === undefined) return null
  const page = open('logo.file', logo.file)
  const dark = logo.dark === undefined ? null : open('logo.dark', logo.dark)
  if (page === null) return null
  const width = Math.round((logo.height * page.width) / page.height)
  if (width > LOGO_WIDTH_PX_MAX)
    inFile(
      `logo.height of ${logo.height} makes the logo ${width} pixels wide, and it may have ${LOGO_WIDTH_PX_MAX}. Use ${Math.floor((LOGO_WIDTH_PX_MAX * page.height) / page.width)} or less`,
    )
  const forMail = (key: 'mail' | 'mailDark', file: string | undefined, otherwise: ReadPicture | null, from: string) => {
    const picture = file === undefined ? otherwise : open(`logo.${key}`, file)
    if (picture === null) return null
    if (picture.kind === 'webp' || (picture.kind === 'svg' && picture.hasText)) {
      const why =
        picture.kind === 'webp' ? 'is WebP, which some mail programs do not show' : 'has text, whose font mails lack'
      inFile(`${file === undefined ? from : `logo.${key}`} ${why}. Set logo.${key} to a PNG or JPEG`)
      return null
    }
    const mailName = key === 'mail' ? 'logo-mail' : 'logo-mail-dark'
    return add(mailName, picture, picture.kind === 'svg' ? 2 * width : undefined)
  }
  const mailPath = forMail('mail', logo.mail, page, 'logo.file')
  return {
    path: add('logo', page),
    darkPath: dark === null ? null : add('logo-dark', dark),
    mailPath: mailPath ?? '',
    mailDarkPath: forMail('mailDark', logo.mailDark, dark, 'logo.dark'),
    alt: logo.alt ?? name ?? 'Logo',
    width,
    height: logo.height,
    withName: logo.withName,
  }
}

function iconOf({ icon }: BrandValues, { open, add, inFile }: PictureParts): string | null {
  if (icon === undefined) return null
  const picture = open('icon', icon)
  if (picture === null) return null
  if (Math.abs(picture.width - picture.height) > 1) inFile('icon must be as wide as it is high')
  if (picture.kind !== 'svg' && picture.kind !== 'png') inFile('icon must be an SVG or a PNG')
  return add('icon', picture)
}
