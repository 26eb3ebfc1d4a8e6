/** The three colours that an operator chooses for a scheme, `#rrggbb`. */
export interface BrandColours {
  /** Links and buttons. */
  readonly accent: string
  readonly background: string
  readonly ink: string
}

/** A logo. Paths begin at PUBLIC_URL. */
export interface BrandLogo {
  readonly path: string
  /** For dark mode; null: the same. */
  readonly darkPath: string | null
  /** PNG or JPEG, because mail programs do not show other formats. */
  readonly mailPath: string
  readonly mailDarkPath: string | null
  readonly alt: string
  /** As shown, in CSS pixels. */
  readonly width: number
  readonly height: number
  /** Whether the name is beside it. */
  readonly withName: boolean
}

export interface BrandFooter {
  readonly text: string | null
  readonly links: readonly { readonly label: string; readonly url: string }[]
}

/** The operator's own look, from BRAND_FILE. It is JSON, because the ledger stores it with the mails that have it. */
export interface BrandLook {
  /** Null: the program's own. */
  readonly colours: { readonly light: BrandColours; readonly dark: BrandColours } | null
  readonly logo: BrandLogo | null
  readonly iconPath: string | null
  readonly footer: BrandFooter
  /** The name before the address of the sender, by the kind of mail. Null: the name of the brand. */
  readonly senders: { readonly digest: string | null; readonly transactional: string | null }
}

/** A picture of BRAND_FILE, as the website serves it. */
export interface BrandPicture {
  /** `logo.svg`: the last part of its path. */
  readonly name: string
  readonly type: string
  readonly base64: string
  /** Set if the website must draw it: an SVG, as a PNG of this width in pixels. */
  readonly drawnWidth?: number
}

/** Returns the name of the sender of a kind of mail. */
export function senderName(
  brand: { readonly name: string; readonly look?: BrandLook },
  kind: 'digest' | 'transactional',
): string {
  return brand.look?.senders[kind] ?? brand.name
}
