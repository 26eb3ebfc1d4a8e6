import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { afterEach, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import type { Config } from '../../config/config.ts'
import { doctor } from '../../src/cli/doctor.ts'
import { checkDatabase } from '../../src/doctor/database.ts'
import { checkDkimKey } from '../../src/doctor/dkim-key.ts'
import type { DoctorFinding } from '../../src/doctor/finding.ts'
import { checkReverse } from '../../src/doctor/hosts.ts'
import { isPresent, openInstallation, type Shape } from '../support/app.ts'
import { commandContext } from '../support/command.ts'
import { resolverFor, type Zone } from '../support/servers/dns.ts'
import { startSmtpServer } from '../support/servers/smtp-server.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const keyOf = (bits: number) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  return {
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    record: `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`,
  }
}
const OURS = keyOf(2048)
const NOWHERE = 'postgres://nobody:secret@127.0.0.1:1/none'
const DKIM_NAME = 'round._domainkey.papers.example.org'

const TXT = {
  'papers.example.org': ['v=spf1 include:relay.example.net -all', 'some other text'],
  'relay.example.net': ['v=spf1 ip4:192.0.2.0/24 -all'],
  [DKIM_NAME]: [OURS.record],
  '_dmarc.papers.example.org': ['v=DMARC1; p=quarantine; rua=mailto:dmarc@papers.example.org'],
}
const HEALTHY: Zone = {
  txt: TXT,
  mx: { 'papers.example.org': [{ exchange: 'mx.papers.example.org', priority: 10 }] },
}
const withTxt = (txt: Readonly<Record<string, readonly string[] | undefined>>): Zone => ({
  ...HEALTHY,
  txt: Object.fromEntries(
    Object.entries({ ...TXT, ...txt }).filter((entry): entry is [string, string[]] => entry[1] !== undefined),
  ),
})

/** Doctor on a sound set-up over SMTP, but for what is changed. */
async function examine(
  zone: Zone,
  over: Partial<Omit<Config, 'mail'>> & { readonly mail?: Partial<Config['mail']> } = {},
  shape: Shape = 'embedded',
): Promise<{ code: number; findings: DoctorFinding[] }> {
  const smtp = await startSmtpServer()
  closers.push(() => smtp.close())
  const { mail, ...rest } = over
  const place = await openInstallation(shape, {
    mail: { transports: ['smtp'], ...mail },
    smtp: {
      url: smtp.url,
      dkim: { domain: 'papers.example.org', selector: 'round', privateKey: OURS.pem },
      uncertain: 'park',
      connections: 5,
    },
    ...rest,
  })
  closers.push(() => place.close())
  const context = commandContext(place)
  const code = await doctor({ json: true }, context, resolverFor(zone))
  return { code, findings: JSON.parse(context.said.join('\n')) as DoctorFinding[] }
}

const unwell = (findings: readonly DoctorFinding[]) => findings.filter(({ severity }) => severity !== 'ok')

describe('doctor', () => {
  it('finds a sound set-up sound: exit 0, and every check has spoken', async () => {
    const { code, findings } = await examine(HEALTHY)
    expect([code, unwell(findings)]).toEqual([0, []])
    expect(findings.map(({ check }) => check)).toEqual([
      'configuration',
      'PUBLIC_URL',
      'database',
      'clock',
      'time zones',
      'queue',
      'smtp',
      'SPF',
      'DKIM key',
      'DKIM signature',
      'DMARC',
      'MX',
      'reverse DNS',
    ])
  }, 300_000)

  it('warns of a website that only a proxy on this machine reaches, where that proxy is not believed', async () => {
    const { code, findings } = await examine(HEALTHY, { host: '127.0.0.1', trustProxy: ['10.0.0.0/8'] })
    expect([code, unwell(findings).map(({ check, remedy }) => [check, remedy])]).toEqual([
      0,
      [['HOST', 'Add loopback to TRUST_PROXY.']],
    ])
  }, 300_000)

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
      'an SPF record for everybody',
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
      'an SPF include that is not there',
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
      'a DKIM key that was cut',
      withTxt({ [DKIM_NAME]: [OURS.record.slice(0, 120)] }),
      'error DKIM key',
      /cannot be read/,
      /Add a TXT/,
    ],
    [
      'another’s DKIM key',
      withTxt({ [DKIM_NAME]: [keyOf(2048).record] }),
      'error DKIM key',
      /not the one of DKIM_PRIVATE_KEY/,
      /Add a TXT/,
    ],
    [
      'a DKIM key in test mode',
      withTxt({ [DKIM_NAME]: [`t=y; ${OURS.record}`] }),
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
      'a DMARC policy that permits all',
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
    ['no MX', { txt: TXT }, 'warning MX', /no MX record/, /Add one/],
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
      // Without a database there is nothing to start; what is wrong in DNS is found all the same.
      const { findings } = await examine(zone, { databaseUrl: NOWHERE })
      const found = unwell(findings).find(({ severity, check }) => `${severity} ${check}` === where)
      expect(found).toMatchObject({ text: expect.stringMatching(words), remedy: expect.stringMatching(remedy) })
    },
    300_000,
  )

  it('finds that a signature does not hold when the published key is another’s, by verifying a mail', async () => {
    const { findings } = await examine(withTxt({ [DKIM_NAME]: [keyOf(2048).record] }), { databaseUrl: NOWHERE })
    expect(findings.find(({ check }) => check === 'DKIM signature')).toMatchObject({ severity: 'error' })
  }, 300_000)

  it('finds a key that is too short for today', async () => {
    const { record, pem } = keyOf(1024)
    const ours = createPublicKey(pem)
    const dns = resolverFor(withTxt({ [DKIM_NAME]: [record] }))
    expect(await checkDkimKey({ domain: 'papers.example.org', selector: 'round', ours }, dns)).toMatchObject({
      severity: 'warning',
      text: expect.stringMatching(/has 1024 bits/),
    })
  })

  it('finds a signature of a domain that does not agree with the sender’s', async () => {
    const { findings } = await examine(HEALTHY, {
      databaseUrl: NOWHERE,
      mail: { from: { name: null, address: 'digest@elsewhere.example.com' } },
    })
    expect(findings.find(({ check }) => check === 'DMARC')).toMatchObject({ severity: 'error' })
    const agreeing = await examine(
      withTxt({ '_dmarc.elsewhere.example.com': ['v=DMARC1; p=reject; rua=mailto:a@b.org'] }),
      {
        databaseUrl: NOWHERE,
        mail: { from: { name: null, address: 'digest@elsewhere.example.com' } },
      },
    )
    expect(agreeing.findings.find(({ check }) => check === 'DMARC')).toMatchObject({
      text: expect.stringMatching(/signed by papers\.example\.org, which does not agree/),
      remedy: expect.stringMatching(/DKIM_DOMAIN/),
    })
  }, 300_000)

  it('asks SPF of the domain that letters come back to', async () => {
    const { findings } = await examine(HEALTHY, {
      databaseUrl: NOWHERE,
      bounces: { address: 'bounces@back.example.net', mailbox: null },
    })
    expect(findings.find(({ check }) => check === 'SPF')).toMatchObject({
      severity: 'error',
      text: expect.stringMatching(/^back\.example\.net has no SPF record/),
    })
  }, 300_000)

  it('finds links without TLS, a missing postal address and a secret that repeats itself', async () => {
    const { code, findings } = await examine(HEALTHY, {
      publicUrl: 'http://papers.example.org',
      secret: 'a'.repeat(40),
      mail: { postalAddress: null },
    })
    expect(code).toBe(1)
    expect(unwell(findings).map(({ severity, check }) => `${severity} ${check}`)).toEqual([
      'error SECRET',
      'error PUBLIC_URL',
      'warning postal address',
    ])
  }, 300_000)

  it('goes on with the other checks when database and mail server are gone', async () => {
    const { code, findings } = await examine(HEALTHY, {
      databaseUrl: NOWHERE,
      smtp: { url: 'smtp://127.0.0.1:1', connections: 5, dkim: null, uncertain: 'park' },
    })
    expect(code).toBe(1)
    expect(JSON.stringify(findings)).not.toContain('secret@')
    expect(findings.filter(({ severity }) => severity === 'error').map(({ check }) => check)).toEqual([
      'database',
      'smtp',
    ])
    expect(findings.map(({ check }) => check)).toContain('SPF')
  }, 300_000)

  const test = isPresent('PostgreSQL and Redis') ? it : it.skip
  test('finds a Redis that may drop jobs', async () => {
    const redis = new Redis(process.env.TEST_REDIS_URL ?? '')
    closers.push(async () => redis.disconnect())
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
    closers.push(() => redis.config('SET', 'maxmemory-policy', 'noeviction'))
    const { findings } = await examine(HEALTHY, {}, 'PostgreSQL and Redis')
    expect(unwell(findings)).toMatchObject([
      {
        severity: 'warning',
        check: 'queue',
        text: expect.stringMatching(/evicts/),
        remedy: expect.stringMatching(/noeviction/),
      },
    ])
  }, 300_000)

  it('finds clocks that disagree and time zones that are not known', () => {
    const view = {
      version: 'PostgreSQL 15',
      embeddedIn: null,
      theirs: new Date('2026-11-24T08:00:00Z'),
      ours: new Date('2026-11-24T08:01:00Z'),
      zones: ['Europe/Berlin', 'Mars/Base'],
      isKnownZone: (zone: string) => zone !== 'Mars/Base',
      missing: ['America/Coyhaique'],
      differing: ['Europe/Berlin'],
    }
    expect(checkDatabase(view).map(({ severity, check }) => `${severity} ${check}`)).toEqual([
      'ok database',
      'error clock',
      'error time zones',
      'warning time zones',
      'warning time zones',
    ])
  })

  it('finds a sending host whose name does not lead back to it', async () => {
    const addresses = { 'mail.example.org': ['192.0.2.25'] }
    const lost = resolverFor({ addresses, reverse: { '192.0.2.25': ['pool-25.example.net'] } })
    expect(await checkReverse('mail.example.org', lost)).toMatchObject({ severity: 'warning' })
    const sound = resolverFor({ addresses, reverse: { '192.0.2.25': ['mail.example.org'] } })
    expect(await checkReverse('mail.example.org', sound)).toMatchObject({ severity: 'ok' })
  })
})
