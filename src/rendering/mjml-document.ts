/** The parts of a document that MJML passes to a skeleton. The types of MJML do not name them. */
interface MjmlParts {
  readonly title: string
  readonly lang: string
  readonly dir: string
  /** The body element. */
  readonly content: string
  readonly breakpoint: string
  /** By class: the width of a column on a wide screen, such as `{ width:50% !important; max-width: 50%; }`. */
  readonly mediaQueries: Readonly<Record<string, string>>
  /** The rules that a component such as `mj-image` needs. */
  readonly headStyle: Readonly<Record<string, (breakpoint: string) => string>>
  readonly componentsHeadStyle: readonly ((breakpoint: string) => string)[]
  /** The contents of `mj-style` and of `mj-raw` in the head. */
  readonly style: readonly string[]
  readonly headRaw: readonly string[]
}

/** A column of the whole width has it inline already. */
const WHOLE_WIDTH = 'mj-column-per-100'

/** The pixels per inch that Outlook calculates with. */
export const OUTLOOK_SETTINGS =
  '<xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml>'

/**
 * Returns the document around a body, in place of MJML’s own skeleton, which has 1.2 KB of rules for images, paragraphs
 * and old mail programs that our templates do not need. Outlook needs the pixels per inch on screens with a high
 * resolution, where it enlarges some widths and not others.
 */
export function mjmlDocument(parts?: MjmlParts): string {
  if (parts === undefined) throw new Error('MJML calls the skeleton with the parts of the document')
  return `<!doctype html><html lang="${parts.lang}" dir="${parts.dir}" xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">
<title>${parts.title}</title>
<!--[if mso]>${OUTLOOK_SETTINGS}<![endif]-->
<style>${rulesOf(parts)}</style>
${parts.headRaw.join('\n')}
</head>
${parts.content}
</html>`
}

function rulesOf({ breakpoint, mediaQueries, headStyle, componentsHeadStyle, style }: MjmlParts): string {
  const widths = Object.entries(mediaQueries)
    .filter(([name]) => name !== WHOLE_WIDTH)
    .map(([name, rule]) => `@media (min-width:${breakpoint}){.${name}${rule}}`)
  const ofComponents = [...componentsHeadStyle, ...Object.values(headStyle)].map((rules) => rules(breakpoint))
  return (
    [...widths, ...ofComponents, ...style]
      .join('\n')
      .trim()
      .replace(/(?<=[{};,])\s*\n\s*/g, '')
      // After a mark of Handlebars, a template needs a space before the brace.
      .replaceAll(' }', '}')
  )
}

/**
 * Matches a column of the whole width, with the table for Outlook and the `div` that MJML writes around it. The column
 * needs neither, because the section around it has the same width. A column with comments in it does not match.
 */
const WHOLE_COLUMN = new RegExp(
  `<!--\\[if mso \\| IE\\]><table [^>]*><tr><td style="vertical-align:top;width:\\d+px"><!\\[endif\\]-->` +
    `<div class="${WHOLE_WIDTH} [^>]*>((?:(?!<!--)[^])*)</div><!--\\[if mso \\| IE\\]></td></tr></table><!\\[endif\\]-->`,
  'g',
)

/** Elements that begin a line of their own, before which a space is never seen. */
const BLOCK = /\s*\n\s*(?=<(?:\/?(?:body|div|h[12]|head|html|meta|style|t(?:able|body|d|itle|r))\b|!--))/g

/**
 * Removes the spaces and line breaks that MJML and the indentation of the templates leave between and inside tags, and
 * attributes that say nothing. Texts have no line breaks, and they are escaped, so that each `<` begins a tag.
 */
export function tidyTags(html: string): string {
  const tidy = html
    .replace(/<[a-z][^>]*>/g, (tag) =>
      tag
        .replace(/\s+/g, ' ')
        .replace(/ (?:class|style)=""/g, '')
        .replace(/( style="[^"]*);"/g, '$1"')
        .replace(/ >$/, '>'),
    )
    .replace(BLOCK, '')
    .replace(WHOLE_COLUMN, '$1')
    .replace(/\s*\n\s*/g, '\n')
  return `${tidy.trim()}\n`
}
