import { expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { loadAfterStart } from '../../../src/web/public/load-after-start.ts'

it('what a first visitor would wait for is loaded once the server listens, and a failure does not stop the server', async () => {
  const web = Fastify()
  const loads: string[] = []
  await web.register(async (scope) => {
    loadAfterStart(scope, async () => {
      loads.push('broken')
      throw new Error('no database')
    })
    loadAfterStart(scope, async () => {
      loads.push('words')
    })
    scope.get('/', async () => 'open')
  })
  await web.ready()
  expect(loads).toEqual([])
  const url = await web.listen({ host: '127.0.0.1', port: 0 })
  expect(await (await fetch(url)).text()).toBe('open')
  expect(loads).toEqual(['broken', 'words'])
  await web.close()
})
