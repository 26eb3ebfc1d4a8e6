import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Handlebars from 'handlebars'
import { cached } from '../platform/cache.ts'
import { PACKAGE_ROOT } from '../platform/paths.ts'

/** The MJML and text templates of one folder, each compiled when it is first asked for and kept. */
export interface TemplateFiles {
  mjml(name: string): Handlebars.TemplateDelegate
  text(name: string): Handlebars.TemplateDelegate
}

/** More than there are folders of templates. */
const TEMPLATES_KEPT_MAX = 100

/** The program's own templates. */
const OWN = openTemplateFiles(join(PACKAGE_ROOT, 'templates'))

/**
 * An MJML template of `templates/NAME/NAME.mjml` as HTML: Handlebars fills and escapes, MJML makes tables.
 * Throws when the template names what the context does not have, or is not valid MJML.
 */
export async function renderMjml(name: string, context: object, files = OWN): Promise<string> {
  // Loading it takes a third of a second of a core, which a command that renders nothing does not pay.
  const { default: mjml2html } = await import('mjml')
  // No remote fonts; and MJML's own checks are strict, since a template that is wrong is our mistake.
  const { html, errors } = await mjml2html(files.mjml(name)(context), { fonts: {}, validationLevel: 'strict' })
  if (errors.length > 0)
    throw new Error(`${name}.mjml: ${errors.map(({ formattedMessage }) => formattedMessage).join('; ')}`)
  // Indentation and comments to the author of a template are not worth the reader's bytes; text holds no line breaks.
  return `${html.replace(/\s*\n\s*/g, '\n').trim()}\n`
}

/** A text template of `templates/NAME/NAME.txt`. Nothing is escaped: it is no HTML. */
export function renderText(name: string, context: object, files = OWN): string {
  return `${files
    .text(name)(context)
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`
}

/** The templates below `folder`. Partials are its own, so that two folders do not mix. */
export function openTemplateFiles(folder: string): TemplateFiles {
  const handlebars = Handlebars.create()
  const read = (name: string, extension: string, inside = name) =>
    readFileSync(join(folder, inside, `${name}.${extension}`), 'utf8')
  const mjmls = new Map<string, Handlebars.TemplateDelegate>()
  const texts = new Map<string, Handlebars.TemplateDelegate>()
  return {
    mjml: (name) =>
      cached(mjmls, name, TEMPLATES_KEPT_MAX, () => {
        handlebars.registerPartial('frame', read('frame', 'mjml'))
        handlebars.registerPartial('notice', read('notice', 'mjml', 'frame'))
        return handlebars.compile(read(name, 'mjml'), { strict: true })
      }),
    text: (name) =>
      cached(texts, name, TEMPLATES_KEPT_MAX, () =>
        handlebars.compile(read(name, 'txt'), { strict: true, noEscape: true }),
      ),
  }
}
