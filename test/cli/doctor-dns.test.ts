import { createPublicKey } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { checkDkimKey } from '../../src/doctor/dkim-key.ts'
import { checkReverse } from '../../src/doctor/hosts.ts'
import {
  createDkimKey,
  DKIM_NAME,
  examine,
  HEALTHY,
  OWN_KEY,
  problemsOf,
  UNREACHABLE_DATABASE,
  withTxt,
} from '../support/doctor.ts'
import { resolverFor, type Zone } from '../support/servers/dns.ts'

describe('doctor checks the DNS of the sending domain and', () => {
  const faults: [string, Zone, string, RegExp, RegExp][] = [
    ['no SPF record', withTxt({ 'papers.example.org': undefined }), 'error SPF', /no SPF record/, /Add a TXT record/],
    [
      'two SPF records',
      withTxt({ 'papers.example.org': ['v=spf1 -all', 'v=spf1 mx -all'] }),
      'error SPF',
      /has 2 SPF records/,
      /Merge/,
    ],
    [
      'an SPF record that allows everybody',
      withTxt({ 'papers.example.org': ['v=spf1 +all'] }),
      'error SPF',
      /whole world/,
      /-all/,
    ],
    [
      'an SPF record without an end',
      withTxt({ 'papers.example.org': ['v=spf1 mx'] }),
      'warning SPF',
      /says nothing about other/,
      /-all/,
    ],
    [
      'an SPF include that does not exist',
      withTxt({ 'relay.example.net': undefined }),
      'error SPF',
      /includes relay.example.net, which has none/,
      /Take the include/,
    ],
    [
      'too many SPF look-ups',
      withTxt({
        'relay.example.net': [`v=spf1 ${Array.from({ length: 11 }, (_, n) => `a:h${n}.example.net`).join(' ')} -all`],
      }),
      'error SPF',
      /needs 12 DNS look-ups; receivers stop at 10/,
      /ip4:/,
    ],
    [
      'no DKIM key',
      withTxt({ [DKIM_NAME]: undefined }),
      'error DKIM key',
      /no DKIM key at round/,
      /v=DKIM1; k=rsa; p=MII/,
    ],
    ['a revoked DKIM key', withTxt({ [DKIM_NAME]: ['v=DKIM1; p='] }), 'error DKIM key', /revoked/, /Add a TXT/],
    [
      'a truncated DKIM key',
      withTxt({ [DKIM_NAME]: [OWN_KEY.record.slice(0, 120)] }),
      'error DKIM key',
      /cannot be read/,
      /Add a TXT/,
    ],
    [
      'a DKIM key that is not ours',
      withTxt({ [DKIM_NAME]: [createDkimKey().record] }),
      'error DKIM key',
      /not the one of DKIM_PRIVATE_KEY/,
      /Add a TXT/,
    ],
    [
      'a DKIM key in test mode',
      withTxt({ [DKIM_NAME]: [`t=y; ${OWN_KEY.record}`] }),
      'warning DKIM key',
      /marked as a test/,
      /Take t=y out/,
    ],
    [
      'no DMARC policy',
      withTxt({ '_dmarc.papers.example.org': undefined }),
      'error DMARC',
      /no DMARC/,
      /v=DMARC1; p=none/,
    ],
    [
      'two DMARC records',
      withTxt({ '_dmarc.papers.example.org': ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] }),
      'error DMARC',
      /2 DMARC records/,
      /Keep one/,
    ],
    [
      'a DMARC record without a policy',
      withTxt({ '_dmarc.papers.example.org': ['v=DMARC1; rua=mailto:a@papers.example.org'] }),
      'error DMARC',
      /no valid p=/,
      /p=quarantine/,
    ],
    [
      'a DMARC policy that allows everything',
      withTxt({ '_dmarc.papers.example.org': ['v=DMARC1; p=none; rua=mailto:a@papers.example.org'] }),
      'warning DMARC',
      /anybody may send/,
      /p=quarantine/,
    ],
    [
      'a DMARC policy without reports',
      withTxt({ '_dmarc.papers.example.org': ['v=DMARC1; p=reject'] }),
      'warning DMARC',
      /asks for no reports/,
      /rua=/,
    ],
    ['no MX', { ...HEALTHY, mx: {} }, 'warning MX', /no MX record/, /Add one/],
    [
      'a null MX',
      { ...HEALTHY, mx: { 'papers.example.org': [{ exchange: '', priority: 0 }] } },
      'error MX',
      /null MX/,
      /receives mail/,
    ],
    [
      'DNS that does not answer',
      { ...HEALTHY, silent: ['papers.example.org'] },
      'warning SPF',
      /gave no answer.*ETIMEOUT/,
      /Run doctor again/,
    ],
  ]
  it.each(faults)(
    'finds %s',
    async (_what, zone, where, words, remedy) => {
      // Doctor checks DNS without a database, and this saves its start.
      const { findings } = await examine(zone, { databaseUrl: UNREACHABLE_DATABASE })
      const found = problemsOf(findings).find(({ severity, check }) => `${severity} ${check}` === where)
      expect(found).toMatchObject({ text: expect.stringMatching(words), remedy: expect.stringMatching(remedy) })
    },
    300_000,
  )

  it('verifies a signed message, and finds that the published key is a different one', async () => {
    const { findings } = await examine(withTxt({ [DKIM_NAME]: [createDkimKey().record] }), {
      databaseUrl: UNREACHABLE_DATABASE,
    })
    expect(findings.find(({ check }) => check === 'DKIM signature')).toMatchObject({ severity: 'error' })
  }, 300_000)

  it('finds a key that is too short', async () => {
    const { record, pem } = createDkimKey(1024)
    const ours = createPublicKey(pem)
    const dns = resolverFor(withTxt({ [DKIM_NAME]: [record] }))
    expect(await checkDkimKey({ domain: 'papers.example.org', selector: 'round', ours }, dns)).toMatchObject({
      severity: 'warning',
      text: expect.stringMatching(/has 1024 bits/),
    })
  })

  it('finds a signature whose domain is not aligned with the sender’s', async () => {
    const { findings } = await examine(HEALTHY, {
      databaseUrl: UNREACHABLE_DATABASE,
      mail: { from: { name: null, address: 'digest@elsewhere.example.com' } },
    })
    expect(findings.find(({ check }) => check === 'DMARC')).toMatchObject({ severity: 'error' })
    const aligned = await examine(
      withTxt({ '_dmarc.elsewhere.example.com': ['v=DMARC1; p=reject; rua=mailto:a@b.org'] }),
      {
        databaseUrl: UNREACHABLE_DATABASE,
        mail: { from: { name: null, address: 'digest@elsewhere.example.com' } },
      },
    )
    expect(aligned.findings.find(({ check }) => check === 'DMARC')).toMatchObject({
      text: expect.stringMatching(/signed by papers\.example\.org, which does not agree/),
      remedy: expect.stringMatching(/DKIM_DOMAIN/),
    })
  }, 300_000)

  it('checks SPF for the domain of the bounce address', async () => {
    const { findings } = await examine(HEALTHY, {
      databaseUrl: UNREACHABLE_DATABASE,
      bounces: { address: 'bounces@back.example.net', mailbox: null },
    })
    expect(findings.find(({ check }) => check === 'SPF')).toMatchObject({
      severity: 'error',
      text: expect.stringMatching(/^back\.example\.net has no SPF record/),
    })
  }, 300_000)

  it('finds a sending host whose reverse name is a different one', async () => {
    const addresses = { 'mail.example.org': ['192.0.2.25'] }
    const mismatched = resolverFor({ addresses, reverse: { '192.0.2.25': ['pool-25.example.net'] } })
    expect(await checkReverse('mail.example.org', mismatched)).toMatchObject({ severity: 'warning' })
    const healthy = resolverFor({ addresses, reverse: { '192.0.2.25': ['mail.example.org'] } })
    expect(await checkReverse('mail.example.org', healthy)).toMatchObject({ severity: 'ok' })
  })
})
