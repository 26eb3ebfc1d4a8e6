import { connect } from 'node:net'
import { afterAll, describe, expect, it } from '@jest/globals'
import type { FastifyInstance } from 'fastify'
import type { App } from '../../workers/app/app.ts'
import { listen } from '../../workers/app/web/listen.ts'
import { startMetrics } from '../../workers/metrics.ts'
import { startWeb } from '../../workers/web.ts'
import { openInstallation, openTestApp, QUICKEST } from '../support/app.ts'
import { freePort } from '../support/servers/ports.ts'

const place = await openInstallation(QUICKEST)
const app = await openTestApp(place)
afterAll(async () => {
  await app.close()
  await place.close()
}, 60_000)

/** Whether a connection to an address of this machine is taken. */
function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host)
    socket.on('connect', () => resolve(true))
    socket.on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}

const on = (host: string, port: number): App => ({ ...app, config: { ...app.config, host, port, metricsPort: port } })

describe('HOST', () => {
  it.each([
    ['the website', startWeb],
    ['the metrics of a worker', startMetrics],
  ])('is the address that %s listens on, and no other', async (_what, start) => {
    const port = await freePort()
    const heard: [string, boolean, boolean][] = []
    for (const host of ['127.0.0.1', '0.0.0.0']) {
      const running = await start(on(host, port))
      // All of 127.0.0.0/8 is this machine, on Linux.
      heard.push([host, await answers('127.0.0.1', port), await answers('127.0.0.2', port)])
      await running?.close()
    }
    expect(heard).toEqual([
      ['127.0.0.1', true, false],
      ['0.0.0.0', true, process.platform === 'linux'],
    ])
  })

  it('is named in one sentence if this machine has no such address', async () => {
    await expect(startWeb(on('192.0.2.1', await freePort()))).rejects.toThrow(
      /^HOST 192\.0\.2\.1 cannot be used: .*Set an address of this machine, or 0\.0\.0\.0 for all of them\.$/,
    )
  })
})

it('a port that this user may not use is named, with a remedy that fits', async () => {
  const web = {
    listen: () => Promise.reject(Object.assign(new Error('listen EACCES'), { code: 'EACCES' })),
    close: async () => {},
  } as unknown as FastifyInstance
  await expect(listen(web, { variable: 'PORT', port: 80, host: '0.0.0.0' })).rejects.toThrow(
    'PORT 80 cannot be used: this user may not listen on it. Ports below 1024 usually need special rights. Set another port.',
  )
})
