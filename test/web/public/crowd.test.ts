import { afterAll, describe, expect, it } from '@jest/globals'
import autocannon from 'autocannon'
import Fastify from 'fastify'
import { day } from '../../../src/domain/day.ts'
import { sampleSource } from '../../../src/sources/sample.ts'
import { isPresent, SHAPES } from '../../support/app.ts'
import { openSite } from '../../support/web/site.ts'

const SUBSCRIBERS = 500
/** Each of them asks several times. A number of seconds would ask a busy machine for fewer pages than there are subscribers. */
const REQUESTS = 8 * SUBSCRIBERS
/** A busy machine is slow, which is no fault. No answer at all is one. */
const TIMEOUT_SECONDS = 60
const closers: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const rush = (url: string) => autocannon({ url, connections: SUBSCRIBERS, amount: REQUESTS, timeout: TIMEOUT_SECONDS })

describe.each(SHAPES.filter((shape) => shape !== 'PostgreSQL and Redis'))(
  'five hundred readers at once, on %s',
  (shape) => {
    const test = isPresent(shape) ? it : it.skip

    test('all get today’s page, and no other answer', async () => {
      const site = await openSite({ shape })
      closers.push(() => site.close())
      await site.app.publish(day('2026-11-24'), [sampleSource({ clock: site.app.clock })])
      const base = await site.web.listen({ port: 0, host: '127.0.0.1' })
      const body = await (await fetch(base)).text()
      // Compared with a server that only sends the same number of bytes: the ratio is valid on any machine.
      const bare = Fastify()
      closers.push(() => bare.close())
      bare.get('/', async (_request, reply) => reply.type('text/html').send(body))
      const reference = await rush(await bare.listen({ port: 0, host: '127.0.0.1' }))
      const ours = await rush(base)
      process.stdout.write(
        `today on ${shape}: ${Math.round(ours.requests.average)} pages/s of ${body.length} bytes, ${Math.round((100 * ours.requests.average) / reference.requests.average)} % of a static answer (${Math.round(reference.requests.average)}/s)\n`,
      )
      expect([ours.errors, ours.timeouts, ours.non2xx]).toEqual([0, 0, 0])
      expect(ours['2xx']).toBe(REQUESTS)
    }, 300_000)
  },
)
