import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Handlebars from 'handlebars'
import { cached } from '../platform/cache.ts'
import { PACKAGE_ROOT } from '../platform/paths.ts'
import { mjmlDocument, tidyTags } from './mjml-document.ts'

/** The MJML and text templates of one folder. Each is compiled on first use and cached. */
export interface TemplateFiles {
  mjml(name: string): Handlebars.TemplateDelegate
  text(name: string): Handlebars.TemplateDelegate
}

/** More than the number of template folders. */
const TEMPLATES_KEPT_MAX = 100

/** The program's own templates. */
const OWN = openTemplateFiles(join(PACKAGE_ROOT, 'templates'))

/**
 * Renders `templates/NAME/NAME.mjml` to HTML: Handlebars fills in and escapes, MJML creates the tables. Throws when the
 * context lacks a value or the template is not valid MJML.
 */
export async function renderMjml(name: string, context: object, files = OWN): Promise<string> {
  // Loading MJML takes 0.3 s of CPU time, so commands that render nothing do not load it.
  const { default: mjml2html } = await import('mjml')
  // No remote fonts. MJML's validation is strict, since an invalid template is a bug.
  const { html, errors } = await mjml2html(files.mjml(name)(context), {
    fonts: {},
    skeleton: mjmlDocument,
    validationLevel: 'strict',
  })
  if (errors.length > 0)
    throw new Error(`${name}.mjml: ${errors.map(({ formattedMessage }) => formattedMessage).join('; ')}`)
  return tidyTags(html)
}

/** Renders the text template `templates/NAME/NAME.txt` without escaping, because the result is not HTML. */
export function renderText(name: string, context: object, files = OWN): string {
  return `${files
    .text(name)(context)
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`
}

/** Opens the templates below `folder`. Each has its own partials, so that two folders do not mix. */
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
        handlebars.registerPartial('transactional', read('transactional', 'mjml', 'frame'))
        return handlebars.compile(read(name, 'mjml'), { strict: true })
      }),
    text: (name) =>
      cached(texts, name, TEMPLATES_KEPT_MAX, () =>
        handlebars.compile(read(name, 'txt'), { strict: true, noEscape: true }),
      ),
  }
}
