import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { withPictures } from '../../src/preview/sandbox.ts'
import { type Bench, openBench, PUBLIC_URL } from './bench.ts'

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
  expect(list).toContain('comes from TEMPLATES_DIR. The others are ours.')
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

it('pictures of the brand are in the shown mail, because the website need not run', () => {
  const pictures = new Map([['logo-mail.png', { type: 'image/png', body: Buffer.from('a picture') }]])
  const shown = (html: string) => withPictures(html, PUBLIC_URL, pictures)
  // Handlebars escapes the sign of the query, and React does not.
  for (const query of ['?v&#x3D;0123456789ab', '?v=0123456789ab'])
    expect(shown(`<img alt="" src="${PUBLIC_URL}/brand/logo-mail.png${query}">`)).toBe(
      `<img alt="" src="data:image/png;base64,${Buffer.from('a picture').toString('base64')}">`,
    )
  const other = `<img src="${PUBLIC_URL}/papers/picture.png"><a href="${PUBLIC_URL}/brand/logo-mail.png?v=0">`
  expect(shown(other)).toBe(other)
})

it('the template view says whose a file is, and shows ours for what the folder lacks', async () => {
  expect((await bench.get('/?scenario=one&view=template')).body).toContain('digest/digest.mjml</b>, your own file')
  const { body } = await bench.get('/?scenario=transactional.goodbye&view=template')
  expect(body).toContain('goodbye/goodbye.mjml</b>, ours. To change it: paperround templates copy FOLDER goodbye')
})
