/** Shorter titles, such as “Report”, may belong to different papers. */
export const TITLE_KEY_CHARS_MIN = 12
