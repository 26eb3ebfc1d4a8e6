import { isIP } from 'node:net'
import { z } from 'zod'
import { PASSKEY_CHALLENGE_SECONDS, PASSKEY_ID_CHARS_MAX } from '../../config/limits-web.ts'

/** Where passkeys are valid: the host (the “RP ID”) and the origin of the website. */
export interface PasskeyPlace {
  readonly rpId: string
  readonly origin: string
}

/** The public values of a passkey, in base64url. */
export interface PasskeyKey {
  readonly credentialId: string
  readonly publicKey: string
  /** How often it was used, by its own count. 0: it does not count. */
  readonly counter: number
}

/** A request for a passkey. The browser gets the text, and its answer must contain the challenge. */
export interface PasskeyRequest {
  readonly challenge: string
  readonly json: object
}

/** Returns where passkeys are valid, or null: browsers allow them only for host names, over https or at localhost. */
export function passkeyPlaceOf(publicUrl: string): PasskeyPlace | null {
  const { protocol, hostname, origin } = new URL(publicUrl)
  const isNamed = isIP(hostname.replace(/^\[|\]$/g, '')) === 0
  return hostname === 'localhost' || (protocol === 'https:' && isNamed) ? { rpId: hostname, origin } : null
}

// ES256 and RS256, which every passkey has one of. Node 20 warns that its Ed25519 is experimental.
const ALGORITHMS = [-7, -257]
const TIMEOUT_MS = PASSKEY_CHALLENGE_SECONDS * 1_000

/** Prepares a new passkey, which must check the person by fingerprint, face or PIN, and must be found without a user name. */
export async function requestNewPasskey(
  { rpId }: PasskeyPlace,
  of: { readonly site: string; readonly user: string; readonly userHandle: string; readonly known: readonly string[] },
): Promise<PasskeyRequest> {
  const { generateRegistrationOptions } = await library()
  const json = await generateRegistrationOptions({
    rpID: rpId,
    rpName: of.site,
    userName: of.user,
    userDisplayName: of.user,
    userID: bytesOf(of.userHandle),
    timeout: TIMEOUT_MS,
    attestationType: 'none',
    excludeCredentials: of.known.map((id) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
  })
  return { challenge: json.challenge, json }
}

/** Prepares a login with any passkey of the site. */
export async function requestPasskey({ rpId }: PasskeyPlace): Promise<PasskeyRequest> {
  const { generateAuthenticationOptions } = await library()
  const json = await generateAuthenticationOptions({ rpID: rpId, timeout: TIMEOUT_MS, userVerification: 'required' })
  return { challenge: json.challenge, json }
}

const base64url = z.string().regex(/^[\w-]+$/)
const shared = { id: base64url.max(PASSKEY_ID_CHARS_MAX), type: z.literal('public-key') }
const createdSchema = z.object({
  ...shared,
  response: z.object({ clientDataJSON: base64url, attestationObject: base64url }),
})
const usedSchema = z.object({
  ...shared,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url,
  }),
})
const clientDataSchema = z.object({ challenge: base64url })

/** The unchecked answer of a browser, with the challenge that it claims to sign. */
export type NewPasskeyAnswer = z.infer<typeof createdSchema> & { readonly challenge: string }
export type PasskeyAnswer = z.infer<typeof usedSchema> & { readonly challenge: string }

/** Reads the answer of a browser that made a passkey. Null if it is none. */
export function readNewPasskey(text: string): NewPasskeyAnswer | null {
  return withChallenge(createdSchema.safeParse(jsonOf(text)).data)
}

/** Reads the answer of a browser that used a passkey. Null if it is none. */
export function readPasskey(text: string): PasskeyAnswer | null {
  return withChallenge(usedSchema.safeParse(jsonOf(text)).data)
}

/** Checks a new passkey, for a challenge that is known to be ours. Returns its public values, or null. */
export async function checkNewPasskey(
  { id, type, response, challenge }: NewPasskeyAnswer,
  { rpId, origin }: PasskeyPlace,
): Promise<PasskeyKey | null> {
  const { verifyRegistrationResponse } = await library()
  const checked = await verifyRegistrationResponse({
    response: { id, rawId: id, type, response, clientExtensionResults: {} },
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch(() => null)
  if (checked?.verified !== true) return null
  const { credential } = checked.registrationInfo
  return {
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    counter: credential.counter,
  }
}

export type PasskeyCheck =
  | { readonly kind: 'right'; readonly counter: number }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'copied' }

/**
 * Checks a login, for a challenge that is known to be ours. Returns the new counter. `copied`: the signature is right, but the
 * counter is not higher than the stored one, so there may be two of the passkey (WebAuthn Level 3 §6.1.1).
 */
export async function checkPasskey(
  { id, type, response, challenge }: PasskeyAnswer,
  key: PasskeyKey,
  { rpId, origin }: PasskeyPlace,
): Promise<PasskeyCheck> {
  const { verifyAuthenticationResponse } = await library()
  const checked = await verifyAuthenticationResponse({
    response: { id, rawId: id, type, response, clientExtensionResults: {} },
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: true,
    // The library throws for an old counter before it checks the signature, so the counter is checked here.
    credential: { id: key.credentialId, publicKey: bytesOf(key.publicKey), counter: NO_COUNTER },
  }).catch(() => null)
  if (checked?.verified !== true) return { kind: 'wrong' }
  const counter = checked.authenticationInfo.newCounter
  const isOld = (counter > 0 || key.counter > 0) && counter <= key.counter
  return isOld ? { kind: 'copied' } : { kind: 'right', counter }
}

const NO_COUNTER = -1

function withChallenge<A extends { readonly response: { readonly clientDataJSON: string } }>(answer: A | undefined) {
  if (answer === undefined) return null
  const text = Buffer.from(answer.response.clientDataJSON, 'base64url').toString()
  const { data } = clientDataSchema.safeParse(jsonOf(text))
  return data === undefined ? null : { ...answer, challenge: data.challenge }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function bytesOf(base64url: string) {
  return new Uint8Array(Buffer.from(base64url, 'base64url'))
}

/** Loads the library with the first passkey. It takes 40 MB, which installations without passkeys save. */
function library() {
  return import('@simplewebauthn/server')
}
