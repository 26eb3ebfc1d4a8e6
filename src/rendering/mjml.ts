import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Handlebars from 'handlebars'
import type { MessageKey } from '../language/catalogue.ts'
import { language, say } from '../language/language.ts'
import { sayHtml } from '../language/markup.ts'
import { cached } from '../platform/cache.ts'
import { PACKAGE_ROOT } from '../platform/paths.ts'
import { footerLines, type MailLook } from './brand/mail-look.ts'
import { escapeHtml } from './escape.ts'
import { mjmlDocument, tidyTags } from './mjml-document.ts'
import { wrap } from './wrap.ts'

/** The MJML and text templates of one folder. Each is compiled on first use and cached. */
export interface TemplateFiles {
  mjml(name: string): Handlebars.TemplateDelegate
  text(name: string): Handlebars.TemplateDelegate
}

/** More than the number of template folders. */
const TEMPLATES_KEPT_MAX = 100

/** The files of `frame/` that the MJML templates include. */
const PARTIALS = ['frame', 'transactional', 'logo', 'colophon'] as const

/** The program's own templates. */
const OWN = openTemplateFiles([join(PACKAGE_ROOT, 'templates')])

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

/** Renders the text template `templates/NAME/NAME.txt` without escaping, because the result is not HTML. The brand’s footer follows. */
export function renderText(name: string, context: { readonly look: MailLook }, files = OWN): string {
  const footer = footerLines(context.look).map((line) => wrap(line))
  return `${[files.text(name)(context).trim(), ...footer].join('\n').replace(/\n{3,}/g, '\n\n')}\n`
}

/**
 * Opens the templates below one or more folders. A file is taken from the first that has it. Each set has its own partials,
 * so that two sets do not mix. `prepare` may change the source of a template before it is compiled; its second argument is a
 * path such as `digest/digest.mjml`.
 */
export function openTemplateFiles(
  folders: readonly string[],
  prepare: (source: string, file: string) => string = (source) => source,
): TemplateFiles {
  const [handlebars, plain] = [withMessages(true), withMessages(false)]
  const read = (name: string, extension: string, inside = name) => {
    const file = `${inside}/${name}.${extension}`
    const paths = folders.map((folder) => join(folder, file))
    return prepare(readFileSync(paths.find((path) => existsSync(path)) ?? paths.at(-1) ?? '', 'utf8'), file)
  }
  const mjmls = new Map<string, Handlebars.TemplateDelegate>()
  const texts = new Map<string, Handlebars.TemplateDelegate>()
  return {
    mjml: (name) =>
      cached(mjmls, name, TEMPLATES_KEPT_MAX, () => {
        for (const partial of PARTIALS) handlebars.registerPartial(partial, read(partial, 'mjml', 'frame'))
        return handlebars.compile(read(name, 'mjml'), { strict: true })
      }),
    text: (name) =>
      cached(texts, name, TEMPLATES_KEPT_MAX, () => plain.compile(read(name, 'txt'), { strict: true, noEscape: true })),
  }
}

/**
 * Returns a Handlebars in which templates say things in the language of the readers: `{{say "mail.unsubscribe"}}`,
 * `{{wrapped "mail.known.text" brand=brand}}` for a paragraph of a text part, and `{{language}}` and `{{direction}}`.
 */
function withMessages(isHtml: boolean): typeof Handlebars {
  const handlebars = Handlebars.create()
  handlebars.registerHelper({
    say: (key: MessageKey, { hash }: Handlebars.HelperOptions) =>
      isHtml ? new Handlebars.SafeString(sayHtml(key, hash, escapeHtml)) : say(key, hash),
    wrapped: (key: MessageKey, { hash }: Handlebars.HelperOptions) => wrap(say(key, hash)),
    language: () => language().locale,
    direction: () => language().direction,
  })
  return handlebars
}
