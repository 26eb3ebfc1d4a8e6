// Limits of languages.

export const LOCALE_FILE_BYTES_MAX = 1024 * 1024 // Our own files have about 60 KB.
