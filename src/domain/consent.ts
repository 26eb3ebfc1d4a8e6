/**
 * The consent texts of the subscribe form by version. A proof of consent names the version that was shown (GDPR
 * Art. 7(1)), so never change a text: add a new one under a new version.
 */
export const CONSENT_TEXTS = {
  '2026-11':
    'I want to receive a digest of research papers by mail at this address, as often as chosen here. I can leave with one click in every mail.',
} as const
export type ConsentTextVersion = keyof typeof CONSENT_TEXTS

/** The current version. */
export const CONSENT_TEXT: ConsentTextVersion = '2026-11'

/** Returns whether `text` is a known version. */
export function isConsentText(text: string): text is ConsentTextVersion {
  return Object.hasOwn(CONSENT_TEXTS, text)
}

/** Proof of consent: its source and its text. */
export interface Consent {
  readonly by: 'operator' | 'reader'
  readonly note: string
  readonly at: string
}

export type ConsentForm = 'web' | 'operator' | 'import'
