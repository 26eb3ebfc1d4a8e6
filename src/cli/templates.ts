import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { usageError } from '../platform/errors.ts'
import { TEMPLATE_ENGINES } from '../rendering/digest/props.ts'
import { mailNames, OUR_TEMPLATES } from '../rendering/own-templates/own-templates.ts'
import type { CommandContext } from './context.ts'

/**
 * `templates copy`: writes our templates of some mails into a folder, as a start for one's own. It never overwrites a file:
 * if one exists and differs from ours, nothing is written. MJML and React share the text parts, so one may be there already.
 */
export function copyTemplates(
  folder: string,
  mails: readonly string[],
  options: { readonly template?: string },
  { terminal, environment }: CommandContext,
): number {
  const engine = options.template ?? environment.DIGEST_TEMPLATE ?? 'mjml'
  if (!(TEMPLATE_ENGINES as readonly string[]).includes(engine))
    throw usageError(`--template ${engine} is not known. Give ${TEMPLATE_ENGINES.join(' or ')}.`)
  const known = [...mailNames(), 'frame']
  const unknown = mails.filter((mail) => !known.includes(mail))
  if (unknown.length > 0) throw usageError(`There is no mail ${unknown.join(', ')}. The mails are ${known.join(', ')}.`)
  const endings = engine === 'mjml' ? /\.(mjml|txt)$/ : /\.(tsx?|txt)$/
  const names = [...new Set(mails.length === 0 ? ['digest'] : mails)].flatMap((mail) =>
    readdirSync(join(OUR_TEMPLATES, mail))
      .filter((name) => endings.test(name))
      .map((name) => join(mail, name)),
  )
  const ours = (name: string) => readFileSync(join(OUR_TEMPLATES, name))
  const there = names.filter((name) => existsSync(join(folder, name)))
  const changed = there.filter((name) => !readFileSync(join(folder, name)).equals(ours(name)))
  if (changed.length > 0)
    throw usageError(
      `${folder} already has ${changed.join(', ')}. Nothing was written. Move these files away, or copy into another folder.`,
    )
  for (const name of names.filter((each) => !there.includes(each))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), ours(name), { flag: 'wx' })
    terminal.out(join(folder, name))
  }
  terminal.out(`Set TEMPLATES_DIR=${resolve(folder)}, and look at your mails with \`paperround preview\`.`)
  return 0
}
