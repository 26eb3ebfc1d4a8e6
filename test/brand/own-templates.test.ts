import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { copyTemplates } from '../../src/cli/templates.ts'
import { UserError } from '../../src/platform/errors.ts'
import { OUR_TEMPLATES } from '../../src/rendering/own-templates/own-templates.ts'
import { renderTransactional } from '../../src/rendering/transactional.ts'
import { openTemplatesFor } from '../../workers/app/appearance/templates.ts'
import { configOf } from '../support/app.ts'
import { type BrandFolder, createBrandFolder } from './brand-folder.ts'

const ours = (name: string) => readFileSync(join(OUR_TEMPLATES, name), 'utf8')

describe('templates of an operator', () => {
  let folder: BrandFolder
  beforeEach(() => {
    folder = createBrandFolder()
  })
  afterEach(() => folder.remove())

  const open = (engine: 'mjml' | 'react') =>
    openTemplatesFor(configOf(folder.path, null, null, { templatesDir: folder.path, mail: { template: engine } }))
  const faultsOf = async (engine: 'mjml' | 'react', files: Readonly<Record<string, string>>) => {
    folder.write(files)
    const error = await open(engine).then(
      () => null,
      (fault: unknown) => fault,
    )
    if (error === null) return []
    if (!(error instanceof UserError)) throw error
    expect(error.exitCode).toBe(2)
    return error.findings
  }
  const brand = { name: 'Fernbank', publicUrl: 'https://papers.example.org', postalAddress: null }
  const confirm = {
    kind: 'confirm',
    brand,
    address: 'a@b.example',
    confirmUrl: 'https://c.example/t',
    expiresInHours: 48,
  } as const
  const goodbye = { kind: 'goodbye', brand, preferencesUrl: 'https://papers.example.org/preferences/t' } as const

  it('in React need no build, may use our frame, and leave the other mails to us', async () => {
    folder.write({
      'confirm/confirm.tsx': ours('confirm/confirm.tsx').replace("{say('mail.confirm.heading')}", '"Are you there?"'),
    })
    const templates = (await open('react')) ?? undefined
    const mine = await renderTransactional(confirm, 'react', templates)
    expect(mine.html).toContain('Are you there?')
    expect(mine.html.replace('Are you there?', 'Confirm your subscription')).toBe(
      (await renderTransactional(confirm, 'react')).html,
    )
    expect(await renderTransactional(goodbye, 'react', templates)).toEqual(await renderTransactional(goodbye, 'react'))
  })

  it('may be a frame alone, which is then around all mails', async () => {
    folder.write({
      'frame/style.ts': ours('frame/style.ts').replace("'var(--link)'", "'#123456'"),
      'frame/frame.mjml': ours('frame/frame.mjml').replaceAll('{{look.colour.link}}', '#123456'),
    })
    for (const engine of ['mjml', 'react'] as const) {
      const { html } = await renderTransactional(goodbye, engine, (await open(engine)) ?? undefined)
      expect([engine, html.includes('#123456')]).toEqual([engine, true])
    }
  })

  it('are refused if a digest has no link to unsubscribe, with file, line and mark', async () => {
    const mjml = ours('digest/digest.mjml')
    const lines = mjml.trimEnd().split('\n').length
    expect(
      await faultsOf('mjml', {
        'digest/digest.mjml': mjml.replaceAll(
          /<a href="\{\{slot\.unsubscribeUrl\}\}">\{\{say "mail\.unsubscribe"\}\}<\/a>/g,
          '',
        ),
      }),
    ).toEqual([`digest/digest.mjml:${lines}: the mark {{slot.unsubscribeUrl}} is missing. Add it above this line.`])
    const tsx = ours('digest/digest.tsx')
    const [fault = ''] = await faultsOf('react', {
      'digest/digest.tsx': tsx.replaceAll('slot.unsubscribeUrl', 'slot.browserUrl'),
    })
    expect(fault).toMatch(/^digest\/digest\.tsx:\d+: the mark \{view\.slot\.unsubscribeUrl\} is missing\./)
  })

  it('are refused for an unknown mark, broken code, and a text part without its link', async () => {
    const unknown = await faultsOf('mjml', {
      'digest/digest.mjml': ours('digest/digest.mjml').replace('{{dayLong}}', '{{dayLng}}'),
    })
    expect(unknown).toEqual([expect.stringMatching(/^digest\/digest\.mjml:\d+: "dayLng" not defined/)])
    const broken = await faultsOf('react', {
      'digest/digest.tsx': ours('digest/digest.tsx'),
      'confirm/confirm.tsx': 'export function ConfirmMail() {\n  return <p>\n}\n',
    })
    expect(broken).toEqual([expect.stringMatching(/^confirm\/confirm\.tsx:\d+: /)])
    expect(
      await faultsOf('mjml', { 'digest/digest.mjml': ours('digest/digest.mjml'), 'goodbye/goodbye.txt': 'Bye\n' }),
    ).toEqual(['goodbye/goodbye.txt:1: the mark {{preferencesUrl}} is missing. Add it above this line.'])
    expect(await faultsOf('mjml', { 'digst/digest.mjml': 'x' })).toEqual([
      expect.stringContaining('the folder digst, which no mail uses'),
    ])
  })

  it('are refused for a tag without its partner, which MJML would overlook, with file, line and tag', async () => {
    const mails = { digest: ours('digest/digest.mjml'), confirm: ours('confirm/confirm.mjml') }
    const faults = async (mail: keyof typeof mails, from: string, to: string) => {
      expect(mails[mail]).toContain(from)
      return faultsOf('mjml', { [`${mail}/${mail}.mjml`]: mails[mail].replace(from, to) })
    }
    const lineOf = (words: string) => mails.digest.slice(0, mails.digest.indexOf(words)).split('\n').length
    const title = lineOf('{{title}}</a></h2>')
    expect(await faults('digest', '{{title}}</a></h2>', '{{title}}</h2>')).toEqual([
      `digest/digest.mjml:${title}: <a> is not closed before </h2> of line ${title}.`,
    ])
    expect(await faults('digest', '</mj-table>', '')).toEqual([
      expect.stringMatching(
        `^digest/digest\\.mjml:${lineOf('<mj-table')}: <mj-table> is not closed before </mj-column> of`,
      ),
    ])
    // Only a digest that is incomplete has this element.
    const note = lineOf('{{incomplete}}</div>')
    expect(await faults('digest', '{{incomplete}}</div>', '{{incomplete}}')).toEqual([
      `digest/digest.mjml:${note}: <div> is not closed before </mj-text> of line ${note}.`,
    ])
    // These two take the partner of a tag in our frame.
    expect(await faults('digest', '</mj-table>', '</mj-table></mj-column>')).toEqual([
      expect.stringMatching(
        `^digest/digest\\.mjml:${lineOf('</mj-table>')}: </mj-column> closes <mj-column> of frame/.+ Remove it`,
      ),
    ])
    expect(await faultsOf('mjml', { 'digest/digest.mjml': mails.digest })).toEqual([])
    expect(await faults('confirm', '<mj-text', '<mj-column>\n<mj-text')).toEqual([
      expect.stringMatching(/^confirm\/confirm\.mjml:4: <mj-column> is not closed\. <\/mj-column> of frame/),
    ])
    expect(await faults('confirm', '</mj-button>', '</mj-buton>')).toEqual([
      'confirm/confirm.mjml:5: </mj-buton> closes an element that is not open. The open element is <mj-button> of line 5.',
    ])
  })

  it('begin as copies of ours, which overwrite nothing', async () => {
    const written: string[] = []
    const context = { terminal: { out: (text: string) => written.push(text) }, environment: {} } as never
    expect(copyTemplates(join(folder.path, 'own'), ['digest', 'confirm'], {}, context)).toBe(0)
    expect(written.map((line) => line.replace(folder.path, ''))).toEqual([
      '/own/digest/digest.mjml',
      '/own/confirm/confirm.mjml',
      '/own/confirm/confirm.txt',
      expect.stringContaining('Set TEMPLATES_DIR='),
    ])
    // Both kinds have the same text parts.
    expect(copyTemplates(join(folder.path, 'own'), ['confirm'], { template: 'react' }, context)).toBe(0)
    folder.write({ 'own/digest/digest.mjml': 'mine' })
    expect(() => copyTemplates(join(folder.path, 'own'), ['welcome', 'digest'], {}, context)).toThrow(
      'own already has digest/digest.mjml. Nothing was written',
    )
    expect(existsSync(join(folder.path, 'own/welcome'))).toBe(false)
    expect(() => copyTemplates(join(folder.path, 'own'), ['digst'], {}, context)).toThrow('There is no mail digst')
  })
})
