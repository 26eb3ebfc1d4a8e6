import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
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
}
const YEAR_SECONDS = 31_536_000

const FOLDER = join(PACKAGE_ROOT, 'src/web/assets')
// All files are read at the start, so that every process behind a load balancer serves the same addresses.
const ASSETS: ReadonlyMap<string, Asset> = new Map(
  readdirSync(FOLDER, { withFileTypes: true }).map((entry) =>
    entry.isDirectory()
      ? [`${entry.name}.css`, assetOf('.css', joinedFolder(join(FOLDER, entry.name)))]
      : [entry.name, assetOf(extname(entry.name), readFileSync(join(FOLDER, entry.name)))],
  ),
)

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

/** Joins the files of a folder in the order of their names: `style/` is served as one `style.css`. */
function joinedFolder(folder: string): Buffer {
  return Buffer.concat(
    readdirSync(folder)
      .sort()
      .map((name) => readFileSync(join(folder, name))),
  )
}

function assetOf(extension: string, body: Buffer): Asset {
  return {
    type: TYPES[extension] ?? 'application/octet-stream',
    body,
    hash: createHash('sha256').update(body).digest('hex').slice(0, 12),
  }
}
