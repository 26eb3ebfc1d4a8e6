import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { PACKAGE_ROOT } from '../platform/paths.ts'

const require = createRequire(import.meta.url)
const FOLDER = join(PACKAGE_ROOT, 'src/preview/assets')

const ASSETS: Readonly<Record<string, string>> = {
  'preview.css': 'text/css; charset=utf-8',
  'preview.js': 'text/javascript; charset=utf-8',
  'checks.js': 'text/javascript; charset=utf-8',
  'copy.js': 'text/javascript; charset=utf-8',
  'frames.js': 'text/javascript; charset=utf-8',
  'remember.js': 'text/javascript; charset=utf-8',
  'axe-run.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
}

/** Serves the files of the preview, and axe-core from node_modules. */
export function addPreviewAssets(server: FastifyInstance): void {
  server.get<{ Params: { name: string } }>('/assets/:name', async ({ params }, reply) => {
    const axe = params.name === 'axe.js' ? axeFile() : null
    if (axe !== null) return reply.type('text/javascript; charset=utf-8').send(readFileSync(axe))
    const type = Object.hasOwn(ASSETS, params.name) ? ASSETS[params.name] : undefined
    if (type === undefined) return reply.callNotFound()
    return reply.type(type).send(readFileSync(join(FOLDER, params.name)))
  })
}

/** Whether axe-core, a development dependency, is installed. */
export function isAxeInstalled(): boolean {
  return axeFile() !== null
}

function axeFile(): string | null {
  try {
    const file = require.resolve('axe-core/axe.min.js')
    return existsSync(file) ? file : null
  } catch {
    return null
  }
}
