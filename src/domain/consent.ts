/**
 * What the subscribe form says that a reader agrees to, by version. A proof of consent names the version that was
 * shown (GDPR Art. 7(1)), so a sentence here is never changed: a new one is added under a new version.
 */
export const CONSENT_WORDINGS = {
  '2026-11':
    'I want to receive a digest of research papers by mail at this address, as often as chosen here. I can leave with one click in every mail.',
} as const
export type ConsentWording = keyof typeof CONSENT_WORDINGS

/** The version that forms show now. */
export const CONSENT_WORDING: ConsentWording = '2026-11'

/** Whether `text` names a version that was ever shown. */
export function isConsentWording(text: string): text is ConsentWording {
  return Object.hasOwn(CONSENT_WORDINGS, text)
}

/** Proof of consent: where it came from and the words that say so. */
export interface Consent {
  readonly by: 'operator' | 'reader'
  readonly note: string
  readonly at: string
}

export type ConsentForm = 'web' | 'operator' | 'import'
