import { expect, it } from '@jest/globals'
import { PASSKEY_ID_CHARS_MAX } from '../../config/limits-web.ts'
import { passkeyPlaceOf, readNewPasskey, readPasskey } from '../../src/security/passkeys.ts'

it.each([
  ['https://papers.example.org', 'papers.example.org', 'https://papers.example.org'],
  ['https://papers.example.org:8443/daily/', 'papers.example.org', 'https://papers.example.org:8443'],
  ['http://localhost:3000', 'localhost', 'http://localhost:3000'],
])('passkeys of %s are valid for %s and %s', (publicUrl, rpId, origin) => {
  expect(passkeyPlaceOf(publicUrl)).toEqual({ rpId, origin })
})

it.each([
  'http://papers.example.org',
  'http://localhost.example.org',
  'http://127.0.0.1:3000',
  'https://192.0.2.1',
  'https://[2001:db8::1]',
])('there are no passkeys at %s', (publicUrl) => {
  expect(passkeyPlaceOf(publicUrl)).toBeNull()
})

const clientDataJSON = Buffer.from('{"challenge":"abc"}').toString('base64url')
const used = { clientDataJSON, authenticatorData: 'YQ', signature: 'YQ', userHandle: 'YQ' }

it('an answer is read with the challenge that it signs', () => {
  expect(readPasskey(answerOf({ more: 1 }))).toEqual({ id: 'YQ', type: 'public-key', response: used, challenge: 'abc' })
})

it.each([
  ['nothing', ''],
  ['a text without an object', 'null'],
  ['broken JSON', '{'],
  ['a list', '[]'],
  ['an answer without a user', answerOf({ response: { ...used, userHandle: null } })],
  ['another kind of credential', answerOf({ type: 'password' })],
  ['an id that is not base64url', answerOf({ id: 'Y Q' })],
  ['an overlong id', answerOf({ id: 'Y'.repeat(PASSKEY_ID_CHARS_MAX + 1) })],
  ['an answer without a challenge', answerOf({ response: { ...used, clientDataJSON: 'YQ' } })],
])('%s is no answer', (_, text) => {
  expect([readPasskey(text), readNewPasskey(text)]).toEqual([null, null])
})

function answerOf(over: object): string {
  return JSON.stringify({ id: 'YQ', type: 'public-key', response: used, ...over })
}
