import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Handlebars from 'handlebars'
import mjml2html from 'mjml'
import { PACKAGE_ROOT } from '../root.ts'

const templates = new Map<string, Handlebars.TemplateDelegate>()
const handlebars = Handlebars.create()

/**
 * An MJML template of `templates/NAME/NAME.mjml` as HTML: Handlebars fills and escapes, MJML makes tables.
 * Throws when the template names what the context does not have, or is not valid MJML.
 */
export async function renderMjml(name: string, context: object): Promise<string> {
  // No remote fonts; and MJML's own checks are strict, since a template that is wrong is our mistake.
  const { html, errors } = await mjml2html(templateOf(name)(context), { fonts: {}, validationLevel: 'strict' })
  if (errors.length > 0)
    throw new Error(`${name}.mjml: ${errors.map(({ formattedMessage }) => formattedMessage).join('; ')}`)
  // Indentation and comments to the author of a template are not worth the reader's bytes; text holds no line breaks.
  return `${html.replace(/\s*\n\s*/g, '\n').trim()}\n`
}

function templateOf(name: string): Handlebars.TemplateDelegate {
  const known = templates.get(name)
  if (known !== undefined) return known
  handlebars.registerPartial('frame', readTemplate('frame', 'mjml'))
  handlebars.registerPartial('notice', readTemplate('notice', 'mjml', 'frame'))
  const template = handlebars.compile(readTemplate(name, 'mjml'), { strict: true })
  templates.set(name, template)
  return template
}

function readTemplate(name: string, extension: string, folder = name): string {
  return readFileSync(join(PACKAGE_ROOT, 'templates', folder, `${name}.${extension}`), 'utf8')
}

const texts = new Map<string, Handlebars.TemplateDelegate>()

/** A text template of `templates/NAME/NAME.txt`. Nothing is escaped: it is no HTML. */
export function renderText(name: string, context: object): string {
  const template = texts.get(name) ?? handlebars.compile(readTemplate(name, 'txt'), { strict: true, noEscape: true })
  texts.set(name, template)
  return `${template(context)
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`
}
