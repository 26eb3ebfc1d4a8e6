import type { Website } from '../../support/web/website.ts'

const HOUR_MS = 3_600_000

/** Returns helpers for sign-ups on a website. `site` is called on each use, so a test may open the site later. */
export function signUpsOn(site: () => Website) {
  let posts = 0
  return {
    /** Returns the messages to an address, oldest first: the files of an outbox have random names. */
    mailsTo: async (email: string) =>
      (await site().mails())
        .filter((mail) => [mail.to].flat()[0]?.text === email)
        .sort((a, b) => Number(a.date) - Number(b.date)),
    /** Posts the form. Time passes between posts, because all addresses share a domain and its limits. */
    subscribe: async (fields: Record<string, string>, ip?: string) => {
      posts += 1
      if (posts % 3 === 0) {
        // A clock that jumps between the claim of a mail and its call defers the mail.
        await site().mails()
        site().pass(HOUR_MS)
      }
      return site().post('/subscribe', { form: await site().freshForm(), ...fields }, ip)
    },
    row: (email: string) =>
      site().app.ledger.db.selectFrom('subscribers').selectAll().where('email_key', '=', email).executeTakeFirst(),
  }
}
