import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { doctor } from '../../src/cli/doctor.ts'
import { checkMx } from '../../src/doctor/hosts.ts'
import { createRepeat, repeatingResolver } from '../../src/doctor/repeat.ts'
import type { DnsResolver } from '../../src/doctor/resolver.ts'
import { openInstallation, QUICKEST } from '../support/app.ts'
import { commandContext } from '../support/command.ts'
import { HEALTHY } from '../support/doctor.ts'
import { resolverFor } from '../support/servers/dns.ts'
import { freePort } from '../support/servers/ports.ts'
import { startSmtpServer } from '../support/servers/smtp-server.ts'

const DOMAIN = 'papers.example.org'

/** DNS that does not answer the first questions. */
function flakyDns(faults: number): DnsResolver & { readonly asked: string[] } {
  const asked: string[] = []
  const dns = resolverFor(HEALTHY)
  return {
    ...dns,
    asked,
    mx: async (name) => {
      asked.push(name)
      return asked.length <= faults ? { kind: 'failed', reason: 'ETIMEOUT' } : dns.mx(name)
    },
  }
}

describe('doctor', () => {
  it.each<[number, string, number, number[]]>([
    [0, 'ok', 1, []],
    [2, 'ok', 3, [1_000, 2_000]],
    [9, 'warning', 3, [1_000, 2_000]],
  ])('after %i DNS faults in a row finds “%s”, with %i questions', async (faults, severity, questions, waited) => {
    const pauses: number[] = []
    const dns = flakyDns(faults)
    const repeat = createRepeat(async (ms) => void pauses.push(ms))
    expect(await checkMx(DOMAIN, repeatingResolver(dns, repeat))).toMatchObject({ severity })
    expect([dns.asked.length, pauses]).toEqual([questions, waited])
  })

  it('does not repeat “there is no such name”, and stops repeating when nothing answers', async () => {
    const pauses: number[] = []
    const repeat = createRepeat(async (ms) => void pauses.push(ms))
    await checkMx('unknown.example.org', repeatingResolver(resolverFor(HEALTHY), repeat))
    expect(pauses).toEqual([])
    const dns = flakyDns(1_000)
    for (let checks = 0; checks < 10; checks += 1) await checkMx(DOMAIN, repeatingResolver(dns, repeat))
    expect(pauses).toHaveLength(6)
  })

  it('tries a mail server again that could not be reached', async () => {
    const port = await freePort()
    const place = await openInstallation(QUICKEST, {
      mail: { transports: ['smtp'] },
      smtp: { url: `smtp://127.0.0.1:${port}`, connections: 1, dkim: null, uncertain: 'park' },
    })
    const smtp = await startSmtpServer()
    // The port is closed until the first pause.
    const door = createServer((socket) => void socket.pipe(connect(smtp.port, '127.0.0.1')).pipe(socket))
    const context = commandContext(place)
    await doctor({ json: true }, context, resolverFor(HEALTHY), async () => {
      if (!door.listening) await once(door.listen(port, '127.0.0.1'), 'listening')
    })
    const findings = JSON.parse(context.said.join('\n')) as { check: string; severity: string; text: string }[]
    expect(findings.find(({ check }) => check === 'smtp')).toMatchObject({ severity: 'ok' })
    door.close()
    await smtp.close()
    await place.close()
  }, 60_000)
})
