import { type PasskeyPlace, passkeyPlaceOf } from '../../../security/passkeys.ts'
import type { Site } from '../../layout/page.ts'

/** The scripts of a page with a form for passkeys: the library for browsers, and ours. */
export const PASSKEY_SCRIPTS = ['webauthn.js', 'passkey.js'] as const

/** Returns where the passkeys of a site are valid, or null if PUBLIC_URL allows none. */
export function passkeysOf({ brand }: Site): PasskeyPlace | null {
  return passkeyPlaceOf(brand.publicUrl)
}
