import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { type Bench, openBench } from './bench.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench(null, {
    own: ['digest/digest.mjml', 'confirm/confirm.tsx', 'welcome/welcome.txt', 'frame/frame.tsx'],
  })
})
afterAll(() => bench.close())

/** Returns what the list of mails marks, by the name of the mail. */
async function marks(engine: string): Promise<Record<string, string>> {
  const { body } = await bench.get(`/?engine=${engine}`)
  const list = /<nav class="sidebar"[\s\S]*?<\/nav>/.exec(body)?.[0] ?? ''
  expect(list).toContain(`comes from ${bench.folder}. The others are ours.`)
  const found = list.matchAll(/>([^<>]+)<span class="own">([^<]+)<\/span><\/(?:a|h2)>/g)
  return Object.fromEntries([...found].map(([, name, mark]) => [name, mark]))
}

it('the list of mails marks those of the operator’s folder, for the chosen engine', async () => {
  // The text part of a mail is the same for both engines.
  expect(await marks('mjml')).toEqual({ Digest: 'own', Welcome: 'own' })
  const react = await marks('react')
  expect(react).toMatchObject({ Digest: 'own frame', Confirm: 'own', Welcome: 'own', Goodbye: 'own frame' })
})

it('the contact sheet marks them too', async () => {
  const { body } = await bench.get('/sheet?engine=mjml')
  expect(body).toMatch(/>Welcome<\/a><span class="own">own<\/span>/)
  expect(body).toMatch(/>Goodbye<\/a><div/)
})

it('the template view says whose a file is, and shows ours for what the folder lacks', async () => {
  expect((await bench.get('/?scenario=one&view=template')).body).toContain('digest/digest.mjml</b>, your own file')
  const { body } = await bench.get('/?scenario=transactional.goodbye&view=template')
  expect(body).toContain('goodbye/goodbye.mjml</b>, ours. To change it: paperround templates copy FOLDER goodbye')
})
