import type { Brand } from '../digest/props.ts'
import { cleanLine, ownUrl } from '../escape.ts'
import type { BrandColours } from './brand.ts'
import { mix } from './contrast.ts'
import { paletteOf, type Scheme } from './palette.ts'

/** The colours of a mail in one scheme. */
export interface MailColours {
  readonly page: string
  /** The ground of the content. */
  readonly sheet: string
  readonly soft: string
  readonly ink: string
  readonly head: string
  readonly link: string
  /** The text of a button, on the colour of links. */
  readonly onLink: string
  readonly underline: string
  readonly line: string
}

/** Everything about the look of a mail that a brand decides. Every view of a template has it as `look`. */
export interface MailLook {
  readonly colour: MailColours
  readonly dark: MailColours
  readonly logo: {
    readonly url: string
    /** For dark mode, or null. */
    readonly darkUrl: string | null
    readonly alt: string
    readonly width: number
    readonly height: number
    readonly withName: boolean
  } | null
  readonly footer: {
    readonly text: string | null
    readonly links: readonly { readonly label: string; readonly url: string }[]
  }
}

const OWN: Readonly<Record<Scheme, MailColours>> = {
  // Mid tones stay readable in clients that force inverted colours.
  light: {
    page: '#f3f4f2',
    sheet: '#ffffff',
    soft: '#5a646e',
    ink: '#22272e',
    head: '#16191d',
    link: '#0d5c50',
    onLink: '#ffffff',
    underline: '#a3c9bf',
    line: '#e1e4e6',
  },
  dark: {
    page: '#14171a',
    sheet: '#1c2024',
    soft: '#a3adb6',
    ink: '#e3e6e8',
    head: '#e3e6e8',
    link: '#82d3c2',
    onLink: '#06231d',
    underline: '#3f7d70',
    line: '#343a40',
  },
}

/** Returns the look of a brand's mails. Throws when an address is not http(s). */
export function mailLookOf({ look, publicUrl }: Brand): MailLook {
  if (look === undefined) return { colour: OWN.light, dark: OWN.dark, logo: null, footer: { text: null, links: [] } }
  const { colours, logo, footer } = look
  return {
    colour: colours === null ? OWN.light : coloursOf(colours.light, 'light'),
    dark: colours === null ? OWN.dark : coloursOf(colours.dark, 'dark'),
    logo:
      logo === null
        ? null
        : {
            url: ownUrl(`${publicUrl}${logo.mailPath}`),
            darkUrl: logo.mailDarkPath === null ? null : ownUrl(`${publicUrl}${logo.mailDarkPath}`),
            // Beside the name, it would only repeat it.
            alt: logo.withName ? '' : cleanLine(logo.alt),
            width: logo.width,
            height: logo.height,
            withName: logo.withName,
          },
    footer: {
      text: footer.text === null ? null : cleanLine(footer.text),
      links: footer.links.map(({ label, url }) => ({ label: cleanLine(label), url })),
    },
  }
}

function coloursOf(colours: BrandColours, scheme: Scheme): MailColours {
  const { page, sheet, soft, ink, accent, onAccent, rule } = paletteOf(colours, scheme)
  return {
    page,
    sheet,
    soft,
    ink,
    head: ink,
    link: accent,
    onLink: onAccent,
    underline: mix(sheet, accent, 0.45),
    line: rule,
  }
}

/**
 * Fills in `var(--ink)`, `var(--dark-ink)` and so on in the styles of a rendered mail, because mail programs do not know CSS
 * variables. Quotes are escaped in texts, so that ` style="` occurs only in tags.
 */
export function fillColours(html: string, { colour, dark }: MailLook): string {
  const filled = (css: string) =>
    css.replace(/var\(--(dark-)?([a-zA-Z]+)\)/g, (whole, isDark: string | undefined, name: keyof MailColours) => {
      return (isDark === undefined ? colour : dark)[name] ?? whole
    })
  return html.replace(/ style="[^"]*"|<style>[^<]*<\/style>/g, filled)
}

/** Returns the lines of a brand's footer for the text part of a mail. */
export function footerLines({ footer }: MailLook): string[] {
  return [...(footer.text === null ? [] : [footer.text]), ...footer.links.map(({ label, url }) => `${label}: ${url}`)]
}
