import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { readEnv } from '../../config/env.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { describeBrand } from '../../workers/app/appearance/brand.ts'
import { describeTemplates, openTemplatesFor } from '../../workers/app/appearance/templates.ts'
import { runHere } from '../support/command.ts'
import { type BrandFolder, createBrandFolder } from './brand-folder.ts'

const PAGE = readFileSync(join(PACKAGE_ROOT, 'docs/CUSTOMIZE.md'), 'utf8')
/** The files that the page prints: each follows its name and a colon. */
const SAMPLES = Object.fromEntries(
  [...PAGE.matchAll(/`([\w./-]+)`:\n\n```\w+\n(.*?)^```/gms)].map(([, name = '', text = '']) => [name, text]),
)
const COMMANDS = [...PAGE.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, lines = '']) => lines.trim().split('\n'))

let folder: BrandFolder
beforeAll(() => {
  folder = createBrandFolder()
  mkdirSync(join(folder.path, 'program'))
})
afterAll(() => folder.remove())

it('docs/CUSTOMIZE.md can be followed as it is: each file, each command and what doctor says', async () => {
  const home = (words: string) => words.replaceAll('~/', `${folder.path}/`)
  const env: Record<string, string> = { DATA_DIR: join(folder.path, 'data'), LOG_LEVEL: 'silent' }
  const run = (line: string) => runHere(home(line).split(' ').slice(2), env, join(folder.path, 'program'))
  const own = (name: string) => [`fernbank/${name.includes('/') ? 'templates/' : ''}${name}`, SAMPLES[name] ?? '']
  const write = (...names: string[]) => folder.write(Object.fromEntries(names.map(own)))
  const [mark = ''] = /^<mj-text .+\n/m.exec(PAGE) ?? []

  expect(Object.keys(SAMPLES)).toEqual([
    'logo.svg',
    'brand.json',
    'confirm/confirm.mjml',
    'confirm/confirm.txt',
    'confirm/confirm.tsx',
  ])
  write('logo.svg', 'brand.json')
  for (const line of COMMANDS) {
    const [, name, value = ''] = /^export (\w+)=(.+)$/.exec(line) ?? []
    if (name !== undefined) env[name] = home(value)
    else expect(line).toMatch(/^npx paperround /)
    // Two of these end with a signal, and `doctor` opens a database. Its words follow.
    if (name !== undefined || /^npx paperround (doctor|preview|start)$/.test(line)) continue
    const { code, err } = await run(line)
    expect([line, code, err]).toEqual([line, 0, ''])
  }
  const { brand } = readEnv(env, { cwd: folder.path })
  expect(PAGE).toContain(`\nok       brand: ${brand === null ? '' : describeBrand(brand)}\n`)

  const digest = readFileSync(join(folder.path, 'fernbank/templates/digest/digest.mjml'), 'utf8')
  folder.write({ 'fernbank/templates/digest/digest.mjml': digest.replace('<mj-table', `${mark}<mj-table`) })
  write('confirm/confirm.mjml', 'confirm/confirm.txt', 'confirm/confirm.tsx')
  const templates = async (engine: string) => {
    const config = readEnv({ ...env, DIGEST_TEMPLATE: engine }, { cwd: folder.path })
    await openTemplatesFor(config)
    return describeTemplates(config.templatesDir ?? '', config.mail.template)
  }
  expect(await templates('mjml')).toBe(
    'Your own mails have their links: confirm, digest. The other mails are ours. Not used, because DIGEST_TEMPLATE is mjml: confirm/confirm.tsx.',
  )
  expect(await templates('react')).toBe(
    'Your own mails have their links: confirm. The other mails are ours. Not used, because DIGEST_TEMPLATE is react: confirm/confirm.mjml, digest/digest.mjml.',
  )
  // The commands within sentences, one after the other.
  for (const [, line = ''] of PAGE.matchAll(/[^\n]`(npx paperround templates [^`]+)`/g)) {
    expect([line, (await run(line)).code]).toEqual([line, 0])
  }
})

it('docs/CUSTOMIZE.md has the messages of the program', () => {
  folder.write({ 'brand.json': { colours: { light: { accent: '#9ad0c2', background: '#fff0f0' } } } })
  const [fault = ''] = folder.faults()
  expect(PAGE.replaceAll('\n', ' ')).toContain(fault.replace(folder.path, '/etc/paperround'))
})
