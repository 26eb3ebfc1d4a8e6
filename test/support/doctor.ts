import { generateKeyPairSync } from 'node:crypto'
import type { Config } from '../../config/config.ts'
import { doctor } from '../../src/cli/doctor.ts'
import type { DoctorFinding } from '../../src/doctor/finding.ts'
import { openInstallation, type Shape } from './app.ts'
import { commandContext } from './command.ts'
import { resolverFor, type Zone } from './servers/dns.ts'
import { startSmtpServer } from './servers/smtp-server.ts'

/** Creates a DKIM key. Returns its PEM and its DNS record. */
export function createDkimKey(bits = 2048): { readonly pem: string; readonly record: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  return {
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    record: `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`,
  }
}

export const OWN_KEY = createDkimKey()
export const DKIM_NAME = 'round._domainkey.papers.example.org'
export const UNREACHABLE_DATABASE = 'postgres://nobody:secret@127.0.0.1:1/none'

const TXT = {
  'papers.example.org': ['v=spf1 include:relay.example.net -all', 'some other text'],
  'relay.example.net': ['v=spf1 ip4:192.0.2.0/24 -all'],
  [DKIM_NAME]: [OWN_KEY.record],
  '_dmarc.papers.example.org': ['v=DMARC1; p=quarantine; rua=mailto:dmarc@papers.example.org'],
}

/** DNS in which every check passes. */
export const HEALTHY: Zone = {
  txt: TXT,
  mx: { 'papers.example.org': [{ exchange: 'mx.papers.example.org', priority: 10 }] },
}

/** The healthy zone with other TXT records. `undefined` removes a name. */
export function withTxt(txt: Readonly<Record<string, readonly string[] | undefined>>): Zone {
  const entries = Object.entries({ ...TXT, ...txt })
  return {
    ...HEALTHY,
    txt: Object.fromEntries(entries.filter((entry): entry is [string, string[]] => entry[1] !== undefined)),
  }
}

/** Runs `doctor` on a healthy SMTP installation, except for the given settings. */
export async function examine(
  zone: Zone,
  over: Partial<Omit<Config, 'mail'>> & { readonly mail?: Partial<Config['mail']> } = {},
  shape: Shape = 'embedded',
): Promise<{ code: number; findings: DoctorFinding[] }> {
  const { mail, ...rest } = over
  const dkim = { domain: 'papers.example.org', selector: 'round', privateKey: OWN_KEY.pem }
  const smtp = await startSmtpServer()
  try {
    const place = await openInstallation(shape, {
      mail: { transports: ['smtp'], ...mail },
      smtp: { url: smtp.url, dkim, uncertain: 'park', connections: 5 },
      ...rest,
    })
    try {
      const context = commandContext(place)
      const code = await doctor({ json: true }, context, resolverFor(zone), async () => {})
      return { code, findings: JSON.parse(context.said.join('\n')) as DoctorFinding[] }
    } finally {
      await place.close()
    }
  } finally {
    await smtp.close()
  }
}

/** Returns the findings that are not `ok`. */
export function problemsOf(findings: readonly DoctorFinding[]): DoctorFinding[] {
  return findings.filter(({ severity }) => severity !== 'ok')
}
