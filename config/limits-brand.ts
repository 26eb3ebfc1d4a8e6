/** Limits of the operator’s own look: BRAND_FILE and TEMPLATES_DIR. */

export const BRAND_FILE_BYTES_MAX = 64_000 // A full one takes 2 KB.
export const BRAND_NAME_CHARS_MAX = 60 // It is in subjects and titles, next to other words.
export const BRAND_PICTURE_BYTES_MAX = 200_000 // Each reader loads it, some on a phone.
export const LOGO_HEIGHT_PX_DEFAULT = 32
export const LOGO_HEIGHT_PX_MIN = 16
export const LOGO_HEIGHT_PX_MAX = 96 // A taller one pushes the first paper off a phone.
export const LOGO_WIDTH_PX_MAX = 320 // The width of the narrowest phone, less the margins of a mail.
export const PICTURE_SIDE_PX_MAX = 4_000 // Browsers decode the whole picture: 64 MB of memory.
export const FOOTER_TEXT_CHARS_MAX = 400
export const FOOTER_LINKS_MAX = 6 // One line on a wide screen.
export const FOOTER_LABEL_CHARS_MAX = 40
export const FOOTER_URL_CHARS_MAX = 300
export const CONTRAST_MIN = 4.5 // Of text (WCAG 2.2, 1.4.3, level AA).
export const GRAPHIC_CONTRAST_MIN = 3 // Of lines in charts (WCAG 2.2, 1.4.11, level AA).
export const TEMPLATE_FILES_MAX = 200 // All of ours are 40.
export const TEMPLATE_FILE_BYTES_MAX = 200_000 // A digest of 100 papers is cut at 100 KB by Gmail.
