import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { day } from '../../src/domain/day.ts'
import { checkAlertsOnce, postAlert } from '../../workers/alerts.ts'
import { openInstallation, openTestApp } from '../support/app.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

describe('the alerts worker', () => {
  it('sends each alert once to the webhook, although two processes check and the first post fails', async () => {
    const posts: unknown[] = []
    let refuse = true
    const hook = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        if (!refuse) posts.push(JSON.parse(body))
        response.writeHead(refuse ? 500 : 200).end()
        refuse = false
      })
    })
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve))
    closers.push(async () => hook.close())
    const webhookUrl = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`
    const place = await openInstallation('embedded', { alerts: { publishedByHour: 9, finishedByHour: 11, webhookUrl } })
    closers.push(() => place.close())
    const at = new Date('2026-11-24T12:00:00Z')
    const first = await openTestApp(place, () => at)
    closers.push(() => first.close())
    const second = await openTestApp(place, () => at)
    closers.push(() => second.close())
    await first.ledger.dispatches.pauseTransport({
      transport: 'outbox',
      kind: 'sender',
      until: new Date('2026-11-24T12:05:00Z'),
      reason: 'SMTP: 550 5.7.1 <ada@example.org>: relay access denied',
      at: new Date('2026-11-24T11:59:00Z'),
    })
    await checkAlertsOnce(first)
    await checkAlertsOnce(second)
    await checkAlertsOnce(first)
    expect(posts).toEqual([
      {
        day: '2026-11-24',
        cause: 'not-published',
        text: expect.stringMatching(/^Nothing is published at 12:00\. There is no edition of 2026-11-24/),
      },
      {
        day: '2026-11-24',
        cause: 'sender-rejected',
        text: expect.stringMatching(
          /^outbox is paused since 11:59 UTC: SMTP: 550 5.7.1 …: relay access denied\. Next try/,
        ),
      },
    ])
  }, 300_000)
})

describe('the webhook of alerts', () => {
  it('does not follow a redirect to another server', async () => {
    const asked: string[] = []
    const listen = async (answer: (response: ServerResponse) => void, name: string) => {
      const server = createServer((_request, response) => {
        asked.push(name)
        answer(response)
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      closers.push(async () => server.close())
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    }
    const inside = await listen((response) => response.end(), 'inside')
    const url = await listen((response) => response.writeHead(307, { location: inside }).end(), 'hook')
    const warnings: unknown[] = []
    const alert = { day: day('2026-11-24'), cause: 'twice' as const, text: 'a second mail' }
    await postAlert(url, alert, { warn: (details) => void warnings.push(details), pause: async () => undefined })
    expect(asked).toEqual(['hook', 'hook', 'hook'])
    expect(warnings[0]).toEqual({ cause: 'twice', tries: 1, reason: 'status 307' })
  })
})
