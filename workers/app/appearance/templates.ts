import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Config } from '../../../config/config.ts'
import { UserError, usageError } from '../../../src/platform/errors.ts'
import { sampleTransactional } from '../../../src/preview/scenarios/transactional.ts'
import { openCheckedFiles } from '../../../src/preview/templates/checked-files.ts'
import { explainFault } from '../../../src/preview/templates/template-faults.ts'
import { compileDigest } from '../../../src/rendering/digest/compile.ts'
import type { CompiledEdition } from '../../../src/rendering/digest/compiled.ts'
import type { PlaceholderName, TemplateFragment } from '../../../src/rendering/digest/placeholders.ts'
import type { DigestProps, PaperProps, TemplateEngine } from '../../../src/rendering/digest/props.ts'
import {
  mailNames,
  OUR_TEMPLATES,
  type OwnTemplates,
  openOwnTemplates,
  ownedIn,
  ownFiles,
  ownFrame,
} from '../../../src/rendering/own-templates/own-templates.ts'
import { findModule } from '../../../src/rendering/own-templates/react-loader.ts'
import { renderTransactional } from '../../../src/rendering/transactional.ts'
import { createLinks } from '../../../src/security/signed-links.ts'
import { createTokens } from '../../../src/security/tokens.ts'
import { brandOf } from './brand.ts'

/** Marks that a digest must have somewhere in its shell, and in each card and title line. */
const SHELL_MARKS: readonly PlaceholderName[] = ['unsubscribeUrl', 'preferencesUrl', 'browserUrl', 'heading']

/** Links that a transactional email must have in both parts. */
const LINKS = ['confirmUrl', 'restoreUrl', 'preferencesUrl', 'unsubscribeUrl'] as const

/** Opens TEMPLATES_DIR and checks its mails. Throws a UserError (exit 2) with every fault. Returns null without the folder. */
export async function openTemplatesFor(config: Config): Promise<OwnTemplates | null> {
  const { templatesDir: folder } = config
  if (folder === null) return null
  const templates = await openOwnTemplates(folder, config.mail.template)
  // The check also looks for tags without a partner, which MJML would overlook.
  const checked = { folder, config, templates: { ...templates, files: openCheckedFiles(folder, OUR_TEMPLATES) } }
  const faults: string[] = []
  for (const mail of mailNames()) if (templates.isOwn(mail)) faults.push(...(await faultsOf(mail, checked)))
  if (faults.length > 0) throw usageError([...new Set(faults)])
  return templates
}

/** Returns the faults of TEMPLATES_DIR in words, for `doctor`. */
export async function templateFaults(config: Config): Promise<readonly string[]> {
  try {
    await openTemplatesFor(config)
    return []
  } catch (error) {
    if (error instanceof UserError) return error.findings
    throw error
  }
}

/** Says which mails of TEMPLATES_DIR are the operator's, for `doctor`. */
export function describeTemplates(folder: string, engine: TemplateEngine): string {
  const own = mailNames().filter((mail) => ownedIn(folder, mail, engine) === 'own')
  const otherEngine = engine === 'mjml' ? 'react' : 'mjml'
  const unused = mailNames()
    .flatMap((mail) => ownFiles(folder, mail, otherEngine))
    .filter((name) => !name.endsWith('.txt'))
  return [
    own.length === 0 ? 'No mail is your own.' : `Your own mails have their links: ${own.join(', ')}.`,
    ...(ownFrame(folder, engine).length === 0 ? [] : ['Your own frame is around each mail.']),
    ...(own.length === mailNames().length
      ? []
      : [own.length === 0 ? 'All mails are ours.' : 'The other mails are ours.']),
    ...(unused.length === 0 ? [] : [`Not used, because DIGEST_TEMPLATE is ${engine}: ${unused.join(', ')}.`]),
  ].join(' ')
}

interface Checked {
  readonly folder: string
  readonly templates: OwnTemplates
  readonly config: Config
}

async function faultsOf(mail: string, checked: Checked): Promise<string[]> {
  try {
    return await (mail === 'digest' ? digestFaults(checked) : transactionalFaults(mail, checked))
  } catch (error) {
    return [explained(error, mail, checked)]
  }
}

/** Renders a digest with everything that one can have, and one with nothing that may be absent, and looks for their marks. */
async function digestFaults(checked: Checked): Promise<string[]> {
  const faults: string[] = []
  for (const sample of sampleDigests(checked.config)) faults.push(...(await faultsOfDigest(sample, checked)))
  return [...new Set(faults)]
}

async function faultsOfDigest(props: DigestProps, checked: Checked): Promise<string[]> {
  const { config, templates } = checked
  const { template: engine } = config.mail
  const compiled = await compileDigest(props, engine, templates)
  const { html } = compiled
  const missing = [
    ...SHELL_MARKS.filter((mark) => ![html.head, html.tail].some((part) => part.slots.includes(mark))),
    ...titleMarks(compiled),
  ]
  const faults = [...new Set(missing)].map((mark) => missingMark('digest', `slot.${mark}`, engine, checked))
  const shell = [html.head, html.tail].flatMap(({ chunks }) => chunks.map(({ text }) => text)).join('')
  const isLinked = [html.head, html.tail].some((part) => isLink(part, 'unsubscribeUrl'))
  if (!missing.includes('unsubscribeUrl') && !isLinked)
    faults.push(`${lastLine('digest', engine, checked)}: the mark slot.unsubscribeUrl is not the address of a link.`)
  const { postalAddress } = config.mail
  if (postalAddress !== null && !shell.includes(postalAddress.slice(0, 5)))
    faults.push(missingMark('digest', 'postalAddress', engine, checked))
  return faults
}

function titleMarks({ papers }: CompiledEdition): PlaceholderName[] {
  const parts = [...papers.values()].flatMap(({ html }) => [html.card, html.line])
  return (['titleUrl'] as const).filter((mark) => parts.some(({ slots }) => !slots.includes(mark)))
}

function isLink({ chunks, slots }: TemplateFragment, mark: PlaceholderName): boolean {
  return slots.some((slot, at) => slot === mark && /href="$/.test(chunks[at]?.text ?? ''))
}

async function transactionalFaults(mail: string, checked: Checked): Promise<string[]> {
  const { config, templates, folder } = checked
  const { template: engine } = config.mail
  const links = createLinks(config.publicUrl, createTokens(['a check of templates, whose links lead nowhere']))
  const props = sampleTransactional(mail, { brand: brandOf(config), links })
  const { html, text } = await renderTransactional(props, engine, templates)
  return LINKS.flatMap((name) => {
    const url = (props as unknown as Readonly<Record<string, string | undefined>>)[name]
    if (url === undefined) return []
    return [
      ...(html.includes(`href="${url}"`) ? [] : [missingMark(mail, name, engine, checked)]),
      ...(text.includes(url) ? [] : [missingMark(mail, name, 'text', { ...checked, folder })]),
    ]
  })
}

function missingMark(mail: string, mark: string, kind: TemplateEngine | 'text', checked: Checked): string {
  const written = kind === 'react' ? `{view.${mark}}` : `{{${mark}}}`
  return `${lastLine(mail, kind, checked)}: the mark ${written} is missing. Add it above this line.`
}

/** Returns `digest/digest.mjml:41`, the last line of the operator's file, or else of the frame. */
function lastLine(mail: string, kind: TemplateEngine | 'text', { folder, config }: Checked): string {
  const names =
    kind === 'text' ? [`${mail}/${mail}.txt`] : [...ownFiles(folder, mail, config.mail.template), 'frame/frame.mjml']
  const name = names.find((each) => existsSync(join(folder, each))) ?? `${mail}/${mail}`
  const file = join(folder, name)
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').length : 1
  return `${name}:${lines}`
}

/** Describes an error of a template with its file and line, if they are known. */
function explained(error: unknown, mail: string, { folder, config }: Checked): string {
  const caught = error instanceof Error ? error : new Error(String(error))
  const { file, line, words } = explainFault(caught, folder, mail, null)
  if (file !== null) return `${file.replace(/^templates\//, '')}:${line}: ${words.replace(/\.$/, '')}.`
  if (config.mail.template === 'react')
    return `${relative(folder, findModule([folder], `${mail}/${mail}`)?.file ?? folder)}: ${caught.message}.`
  return `${mail}/${mail}.mjml: ${words.replace(/\.$/, '')}.`
}

function sampleDigests(config: Config): DigestProps[] {
  const { publicUrl } = config
  const bare: PaperProps = {
    id: 'a',
    title: 'A sample paper',
    abstract: '',
    keySentence: '',
    machineSummary: null,
    authorLine: '',
    authorsShort: '',
    organization: null,
    thumbnail: null,
    votes: null,
    comments: null,
    stars: null,
    starsGained: '',
    url: `${publicUrl}/paper/a`,
    links: [],
  }
  const full: PaperProps = {
    ...bare,
    abstract: 'It has an abstract. It has two sentences.',
    keySentence: 'It has two sentences.',
    machineSummary: 'It has a summary.',
    authorLine: 'Ada Lovelace',
    authorsShort: 'Ada Lovelace',
    organization: 'A sample organization',
    thumbnail: `${publicUrl}/picture.png`,
    votes: 1,
    comments: 1,
    stars: 1,
    starsGained: '+1 this week',
    links: [{ label: 'PDF', url: `${publicUrl}/paper.pdf` }],
  }
  const digest = {
    brand: brandOf(config),
    day: '2026-11-24' as DigestProps['day'],
    dayLong: 'Tuesday, 24 November 2026',
    webUrl: `${publicUrl}/papers/2026-11-24`,
  }
  return [
    { ...digest, frequency: 'daily', votesAsOf: 'Votes as of 06:00 UTC', incomplete: 'A sample note.', papers: [full] },
    { ...digest, frequency: 'weekly', votesAsOf: '', incomplete: null, papers: [bare] },
  ]
}
