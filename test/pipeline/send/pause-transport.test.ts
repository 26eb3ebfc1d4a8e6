import { expect, it } from '@jest/globals'
import { pauseAfter } from '../../../src/pipeline/send/pause-transport.ts'

const NOW = new Date('2026-11-24T17:30:00Z')

it.each([
  ['until after midnight UTC if the provider gives no time', undefined, '2026-11-25T00:01:00.000Z'],
  ['as long as the provider says', 90_000, '2026-11-24T17:31:30.000Z'],
])('a used-up quota pauses the transport %s', (_what, retryMs, until) => {
  const outcome = {
    kind: 'deferred',
    pause: 'quota',
    reason: 'quota',
    ...(retryMs === undefined ? {} : { retryMs }),
  } as const
  expect(pauseAfter('resend', [outcome], null, NOW)?.until.toISOString()).toBe(until)
})
