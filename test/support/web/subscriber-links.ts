import { afterAll } from '@jest/globals'
import type { ParsedMail } from 'mailparser'
import { readSubscriber } from '../../../src/ledger/subscribers/subscribers.ts'
import { addSubscribersFor, QUICKEST } from '../app.ts'
import { linksIn, openSite } from './site.ts'

/** Opens a site for the tests of a file. Returns it with what the tests of a subscriber's links need. */
export async function openSubscriberLinks() {
  const site = await openSite({ shape: QUICKEST })
  afterAll(() => site.close())
  let names = 0
  const current = async (id: string) => {
    const subscriber = await readSubscriber(site.app.ledger.db, id)
    if (subscriber === null) throw new Error('erased')
    return site.app.links.preferences(subscriber)
  }
  return {
    site,
    current,
    add: async () => {
      names += 1
      const email = `reader${names}@example.org`
      const [id = ''] = await addSubscribersFor(site.app, [{ email, interests: ['agents'] }])
      return { id, email }
    },
    later: (ms: number) => {
      site.clock.now = new Date(site.clock.now.getTime() + ms)
    },
    logOut: async (id: string) => site.post(await current(id), { section: 'links' }),
    /** Requests a new link from another network each time, so that the limit of a network does not matter. */
    press: (id: string) => {
      names += 1
      return site.post(site.app.links.subscriber('fresh-link', id), {}, { remoteAddress: `192.0.2.${names % 250}` })
    },
  }
}

export function addressOf(mail: ParsedMail): string | undefined {
  return [mail.to].flat()[0]?.text
}

/** Returns the link of a kind in a mail, or an empty text. */
export function linkOf(mail: ParsedMail | undefined, kind: string): string {
  return mail === undefined ? '' : (linksIn(mail).find((link) => link.includes(`/${kind}/`)) ?? '')
}
