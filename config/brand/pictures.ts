import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { imageSize } from 'image-size'
import type { BrandPicture } from '../../src/rendering/brand/brand.ts'
import { BRAND_PICTURE_BYTES_MAX, PICTURE_SIDE_PX_MAX } from '../limits-brand.ts'
import { hasText, unsafeParts } from './safe-svg.ts'

const TYPES: Readonly<Record<string, string>> = {
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
}

/** A picture that was read and checked. */
export interface ReadPicture {
  readonly kind: 'svg' | 'png' | 'jpg' | 'webp'
  readonly bytes: Buffer
  readonly width: number
  readonly height: number
  /** An SVG that names a font. */
  readonly hasText: boolean
}

export type PictureResult =
  | { readonly ok: true; readonly picture: ReadPicture }
  | { readonly ok: false; readonly fault: string }

/** Reads a picture and checks its size and its content. The kind is that of the bytes, whatever the name ends in. */
export function readPicture(path: string): PictureResult {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined || !found.isFile()) return refused(`${path} is not a file`)
  if (found.size > BRAND_PICTURE_BYTES_MAX)
    return refused(
      `${path} has ${Math.ceil(found.size / 1000)} KB, and at most ${BRAND_PICTURE_BYTES_MAX / 1000} KB are allowed`,
    )
  const bytes = readFileSync(path)
  const size = sizeOf(bytes)
  if (size === null || TYPES[size.type] === undefined)
    return refused(`${path} is not a picture in SVG, PNG, JPEG or WebP, or it does not say how large it is`)
  const { width, height, type } = size
  if (width > PICTURE_SIDE_PX_MAX || height > PICTURE_SIDE_PX_MAX)
    return refused(`${path} is larger than ${PICTURE_SIDE_PX_MAX} pixels`)
  const svg = type === 'svg' ? bytes.toString('utf8') : null
  const unsafe = svg === null ? [] : unsafeParts(svg)
  if (unsafe.length > 0) return refused(`${path} may not be shown. Remove ${unsafe.join(', ')}`)
  const kind = type as ReadPicture['kind']
  return { ok: true, picture: { kind, bytes, width, height, hasText: svg !== null && hasText(svg) } }
}

/** Returns the picture for the website under a name such as `logo`, and its path with a hash of its bytes. */
export function served(
  name: string,
  { kind, bytes }: ReadPicture,
  drawnWidth?: number,
): { readonly path: string; readonly picture: BrandPicture } {
  const shown = drawnWidth === undefined ? kind : 'png'
  const hash = createHash('sha256')
    .update(bytes)
    .update(` ${drawnWidth ?? ''}`)
    .digest('hex')
    .slice(0, 12)
  const file = `${name}.${shown}`
  return {
    path: `/brand/${file}?v=${hash}`,
    picture: {
      name: file,
      type: TYPES[shown] ?? '',
      base64: bytes.toString('base64'),
      ...(drawnWidth === undefined ? {} : { drawnWidth }),
    },
  }
}

function refused(fault: string): PictureResult {
  return { ok: false, fault }
}

function sizeOf(bytes: Buffer): { width: number; height: number; type: string } | null {
  try {
    const { width, height, type } = imageSize(bytes)
    return width > 0 && height > 0 && type !== undefined ? { width, height, type } : null
  } catch {
    return null
  }
}
