import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { PACKAGE_ROOT } from '../../platform/paths.ts'

interface Asset {
  readonly type: string
  readonly body: Buffer
  readonly hash: string
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}
const YEAR_SECONDS = 31_536_000

const FOLDER = join(PACKAGE_ROOT, 'src/web/assets')
const require = createRequire(import.meta.url)
/** The typeface of the site, served by ourselves. Only its Latin letters: 24 KB each. */
const FONTS: ReadonlyMap<string, Asset> = new Map(
  [
    ['inter-400.woff2', require.resolve('@fontsource/inter/files/inter-latin-400-normal.woff2')] as const,
    ['inter-600.woff2', require.resolve('@fontsource/inter/files/inter-latin-600-normal.woff2')] as const,
  ].map(([name, file]) => [name, assetOf('.woff2', readFileSync(file))]),
)
/** The library of passkeys for browsers. Its package exports only its modules, so the script is found beside them. */
const WEBAUTHN = join(dirname(require.resolve('@simplewebauthn/browser')), '../dist/bundle/index.umd.min.js')
// All files are read at the start, so that every process behind a load balancer serves the same addresses.
const ASSETS: ReadonlyMap<string, Asset> = new Map([
  ...FONTS,
  ['webauthn.js', assetOf('.js', readFileSync(WEBAUTHN))],
  ...readdirSync(FOLDER, { withFileTypes: true }).map((entry): [string, Asset] =>
    entry.isDirectory()
      ? [`${entry.name}.css`, assetOf('.css', joinedFolder(join(FOLDER, entry.name)))]
      : [entry.name, assetOf(extname(entry.name), readFileSync(join(FOLDER, entry.name)))],
  ),
])

/**
 * Returns the address of a file in assets/. It changes with the file's content, so that browsers may cache it forever.
 */
export function assetUrl(name: string): string {
  const asset = ASSETS.get(name)
  if (asset === undefined) throw new Error(`there is no asset ${name}`)
  return `/assets/${name}?v=${asset.hash}`
}

/** Adds `/assets/…`. */
export function addAssets(web: FastifyInstance): void {
  web.get<{ Params: { name: string } }>('/assets/:name', async ({ params }, reply) => {
    const asset = ASSETS.get(params.name)
    if (asset === undefined) return reply.callNotFound()
    return reply
      .header('cache-control', `public, max-age=${YEAR_SECONDS}, immutable`)
      .header('etag', `"${asset.hash}"`)
      .type(asset.type)
      .send(asset.body)
  })
}

/**
 * Joins the files of a folder in the order of their names: `style/` is served as one `style.css`. The address of a font
 * gets the font's hash.
 */
function joinedFolder(folder: string): Buffer {
  const css = readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('')
  return Buffer.from(
    css.replace(/url\("([\w-]+\.woff2)"\)/g, (_all, name) => `url("${name}?v=${FONTS.get(name)?.hash}")`),
  )
}

function assetOf(extension: string, body: Buffer): Asset {
  return {
    type: TYPES[extension] ?? 'application/octet-stream',
    body,
    hash: createHash('sha256').update(body).digest('hex').slice(0, 12),
  }
}
