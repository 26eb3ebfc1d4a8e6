import { z } from 'zod'
import { distance } from '../../src/text/distance.ts'
import {
  BRAND_NAME_CHARS_MAX,
  FOOTER_LABEL_CHARS_MAX,
  FOOTER_LINKS_MAX,
  FOOTER_TEXT_CHARS_MAX,
  FOOTER_URL_CHARS_MAX,
  LOGO_HEIGHT_PX_DEFAULT,
  LOGO_HEIGHT_PX_MAX,
  LOGO_HEIGHT_PX_MIN,
} from '../limits-brand.ts'

const line = (chars: number) =>
  z
    .string('must be text')
    .trim()
    .min(1, 'must not be empty')
    .max(chars, `must have at most ${chars} characters`)
    .refine((text) => !/[\p{Cc}\u2028\u2029]/u.test(text), 'must be one line without control characters')

/** `#14532d` or `#153`. */
const colour = z
  .string('must be a colour such as "#14532d"')
  .regex(/^#([0-9a-f]{6}|[0-9a-f]{3})$/i, 'must be a colour such as "#14532d"')
  .transform((text) => text.toLowerCase().replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3'))

const colours = strict({ accent: colour.optional(), background: colour.optional(), ink: colour.optional() })

const file = line(500)

const link = z
  .string('must be text')
  .max(FOOTER_URL_CHARS_MAX, `must have at most ${FOOTER_URL_CHARS_MAX} characters`)
  .refine(
    (text) => /^(https:\/\/|mailto:)[^\s<>"'`\\]+$/i.test(text) && URL.canParse(text),
    'must begin with https:// or mailto:',
  )

/** The content of BRAND_FILE. Everything may be left out. */
export const BRAND_SCHEMA = strict({
  name: line(BRAND_NAME_CHARS_MAX).optional(),
  colours: strict({ light: colours.optional(), dark: colours.optional() }).optional(),
  logo: strict({
    file,
    dark: file.optional(),
    mail: file.optional(),
    mailDark: file.optional(),
    alt: line(BRAND_NAME_CHARS_MAX).optional(),
    height: z
      .int('must be a whole number of pixels')
      .min(LOGO_HEIGHT_PX_MIN, `must be at least ${LOGO_HEIGHT_PX_MIN} pixels`)
      .max(LOGO_HEIGHT_PX_MAX, `must be at most ${LOGO_HEIGHT_PX_MAX} pixels`)
      .default(LOGO_HEIGHT_PX_DEFAULT),
    withName: z.boolean('must be true or false').default(false),
  }).optional(),
  icon: file.optional(),
  footer: strict({
    text: line(FOOTER_TEXT_CHARS_MAX).optional(),
    links: z
      .array(strict({ label: line(FOOTER_LABEL_CHARS_MAX), url: link }), 'must be a list')
      .max(FOOTER_LINKS_MAX, `must have at most ${FOOTER_LINKS_MAX} links`)
      .default([]),
  }).optional(),
  senders: strict({
    digest: line(BRAND_NAME_CHARS_MAX).optional(),
    transactional: line(BRAND_NAME_CHARS_MAX).optional(),
  }).optional(),
})

export type BrandValues = z.infer<typeof BRAND_SCHEMA>

/** An object without other keys. A misspelt key is reported with the one that was meant. */
function strict<T extends z.core.$ZodLooseShape>(shape: T) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return 'must be an object in braces'
      const known = Object.keys(shape)
      return (issue.keys as string[]).map((key) => `has an unknown key “${key}”. ${meantBy(key, known)}`).join('; ')
    },
  })
}

function meantBy(key: string, known: readonly string[]): string {
  const meant = known.find((each) => distance(key.toLowerCase(), each.toLowerCase()) <= 2)
  return meant === undefined ? `It may have ${known.join(', ')}` : `Perhaps “${meant}” is meant`
}
