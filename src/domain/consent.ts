/**
 * What the subscribe form says that a reader agrees to, by version. A proof of consent names the version that was
 * shown (GDPR Art. 7(1)), so a sentence here is never changed: a new one is added under a new version.
 */
export const CONSENT_TEXTS = {
  '2026-11':
    'I want to receive a digest of research papers by mail at this address, as often as chosen here. I can leave with one click in every mail.',
} as const
export type ConsentTextVersion = keyof typeof CONSENT_TEXTS

/** The version that forms show now. */
export const CONSENT_TEXT: ConsentTextVersion = '2026-11'

/** Whether `text` names a version that was ever shown. */
export function isConsentText(text: string): text is ConsentTextVersion {
  return Object.hasOwn(CONSENT_TEXTS, text)
}

/** Proof of consent: where it came from and the words that say so. */
export interface Consent {
  readonly by: 'operator' | 'reader'
  readonly note: string
  readonly at: string
}

export type ConsentForm = 'web' | 'operator' | 'import'
