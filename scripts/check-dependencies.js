/**
 * Checks the direction of imports by `.dependency-cruiser.js`; exit code 1 when a rule is broken. dependency-cruiser 17 reads
 * TypeScript with swc, but without JSX, and its other parser needs the API that TypeScript 7 has not: so JSX is switched on here.
 */
import swc from '@swc/core'
import config from '../.dependency-cruiser.js'

const { parseFileSync } = swc
swc.parseFileSync = (path, options) => parseFileSync(path, { ...options, tsx: path.endsWith('.tsx') })

const { cruise } = await import('dependency-cruiser')
const folders = ['src', 'workers', 'config', 'templates', 'bench', 'chaos', 'test']
const { output, exitCode } = await cruise(folders, {
  ...config.options,
  ruleSet: { forbidden: config.forbidden },
  validate: true,
  outputType: 'err-long',
})
process.stdout.write(`${output}\n`)
process.exitCode = exitCode
