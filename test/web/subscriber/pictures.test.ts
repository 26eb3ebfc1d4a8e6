import { expect, it } from '@jest/globals'
import { parseDailyPapers } from '../../../src/sources/daily-papers.ts'
import { addSubscribersFor } from '../../support/app.ts'
import { linksIn, openSite } from '../../support/web/site.ts'

const thumbnail = 'https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2611.00001.png'
const paper = { id: '2611.00001', title: 'Owls at Night', summary: 'We watch owls.', upvotes: 3 }

it.each([true, false])(
  'only a mail has pictures, if DIGEST_IMAGES is on (%s), and no page has',
  async (pictures) => {
    const site = await openSite({ config: { mail: { pictures } } })
    try {
      await addSubscribersFor(site.app, [{ email: 'ada@example.org' }])
      const parsed = parseDailyPapers([{ paper, thumbnail }])
      const [mail] = await site.morning({
        name: 'file',
        read: async () => ({ kind: 'listed', ...parsed, observedAt: site.clock.now }),
      })
      expect(String(mail?.html).includes(`<img src="${thumbnail}"`)).toBe(pictures)
      const browser = (mail === undefined ? [] : linksIn(mail)).find((link) => link.includes('/digest/')) ?? ''
      for (const url of [browser, '/', '/paper/2611.00001', '/sample?interests=owls']) {
        const { status, body } = await site.get(url)
        expect([status, body.includes('Owls at Night'), body.includes(thumbnail)]).toEqual([200, true, false])
      }
    } finally {
      await site.close()
    }
  },
  60_000,
)
