import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { usageError } from '../../../platform/errors.ts'
import type { BrandLook, BrandPicture } from '../../../rendering/brand/brand.ts'
import { OWN_COLOURS, paletteOf } from '../../../rendering/brand/palette.ts'
import type { Brand } from '../../../rendering/digest/props.ts'
import { escapeHtml } from '../../../rendering/escape.ts'
import { openDrawSvg } from './draw-svg.ts'
import { brandStyle } from './style.ts'

interface BrandAsset {
  readonly type: string
  readonly body: Buffer
  /** The query of its current address, such as `?v=0123456789ab`. */
  readonly version: string
}

/** The files of the operator's own look that the website serves below `/brand/`. */
export interface BrandAssets {
  /** Address of the style sheet with the colours, or null. */
  readonly stylesheet: string | null
  readonly icon: { readonly path: string; readonly type: string }
  readonly files: ReadonlyMap<string, BrandAsset>
}

const STYLE = { name: 'colours.css', type: 'text/css; charset=utf-8' }
const INITIAL = { name: 'initial.svg', type: 'image/svg+xml' }
const YEAR_SECONDS = 31_536_000
const STALE_SECONDS = 300

/** An SVG must not run scripts if someone opens its address in a window. */
const PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

/** Returns the site with the files of its look, if it has one. */
export async function withBrandAssets<S extends { readonly brand: Brand }>(
  site: S,
  pictures: readonly BrandPicture[],
): Promise<S & { readonly brandAssets?: BrandAssets }> {
  const { look } = site.brand
  return look === undefined ? site : { ...site, brandAssets: await createBrandAssets(site.brand.name, look, pictures) }
}

/** Makes the files of a brand. Draws an SVG logo for mails. Throws a UserError (exit 2) if it cannot be drawn. */
async function createBrandAssets(
  name: string,
  look: BrandLook,
  pictures: readonly BrandPicture[],
): Promise<BrandAssets> {
  const files = new Map<string, BrandAsset>()
  for (const picture of pictures)
    files.set(picture.name, { type: picture.type, body: await bodyOf(picture), version: versionOf(look, picture) })
  const add = (file: { readonly name: string; readonly type: string }, text: string): string => {
    const body = Buffer.from(text)
    const version = `?v=${createHash('sha256').update(body).digest('hex').slice(0, 12)}`
    files.set(file.name, { type: file.type, body, version })
    return `/brand/${file.name}${version}`
  }
  const own = look.iconPath
  const icon =
    own === null
      ? { path: add(INITIAL, initialOf(name, look)), type: INITIAL.type }
      : { path: own, type: own.includes('.svg?') ? 'image/svg+xml' : 'image/png' }
  return { stylesheet: look.colours === null ? null : add(STYLE, brandStyle(look.colours)), icon, files }
}

/** Returns an icon with the first letter of the name, for a brand without one. */
function initialOf(name: string, { colours }: BrandLook): string {
  const { accent, onAccent } = paletteOf((colours ?? OWN_COLOURS).light, 'light')
  const letter = escapeHtml([...name.normalize('NFC')].find((sign) => /[\p{L}\p{N}]/u.test(sign))?.toUpperCase() ?? '')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="${accent}"/><text x="16" y="22.5" font-family="Georgia,serif" font-size="19" font-weight="600" text-anchor="middle" fill="${onAccent}">${letter}</text></svg>`
}

/**
 * Adds `/brand/…`. The current address of a file may be cached forever. An earlier address, as in an old mail, gets the
 * current file for some minutes.
 */
export function addBrandAssets(web: FastifyInstance, assets: BrandAssets): void {
  web.get<{ Params: { name: string } }>('/brand/:name', async ({ params, url }, reply) => {
    const asset = assets.files.get(params.name)
    if (asset === undefined) return reply.callNotFound()
    const isCurrent = url.endsWith(asset.version)
    if (asset.type !== STYLE.type) reply.header('content-security-policy', PICTURE_POLICY)
    return (
      reply
        .header(
          'cache-control',
          isCurrent ? `public, max-age=${YEAR_SECONDS}, immutable` : `public, max-age=${STALE_SECONDS}`,
        )
        // Mail programs and pages of other hosts may show the logo.
        .header('cross-origin-resource-policy', 'cross-origin')
        .type(asset.type)
        .send(asset.body)
    )
  })
}

function versionOf({ logo, iconPath }: BrandLook, { name }: BrandPicture): string {
  const paths = [logo?.path, logo?.darkPath, logo?.mailPath, logo?.mailDarkPath, iconPath]
  const path = paths.find((each) => each?.startsWith(`/brand/${name}?`)) ?? ''
  return path.slice(path.indexOf('?'))
}

async function bodyOf({ name, base64, drawnWidth }: BrandPicture): Promise<Buffer> {
  const body = Buffer.from(base64, 'base64')
  if (drawnWidth === undefined) return body
  const draw = await openDrawSvg()
  try {
    return draw(body.toString('utf8'), drawnWidth)
  } catch (error) {
    throw usageError(
      `BRAND_FILE: ${name} cannot be drawn from the SVG (${String(error)}). Set logo.mail in the file to a PNG.`,
    )
  }
}
