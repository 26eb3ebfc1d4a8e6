import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../root.ts'
import type { Parameters } from './trend.ts'

/** The fitted parameters that this version ships: src/ranking/trend.json, written by `paperround eval --fit`. */
export function readParameters(): Parameters & { readonly to: string } {
  return JSON.parse(readFileSync(join(PACKAGE_ROOT, 'src/ranking/trend.json'), 'utf8')) as Parameters & { to: string }
}
