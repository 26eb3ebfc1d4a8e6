import type { Preferences } from '../../../../src/domain/subscriber.ts'
import { readSubscriber } from '../../../../src/ledger/subscribers/subscribers.ts'
import { addSubscribersFor } from '../../../support/app.ts'
import type { TestSite } from '../../../support/web/site.ts'

/** Returns helpers for subscribers of a site. `site` is called on each use, so a test may open the site later. */
export function peopleOf(site: () => TestSite) {
  let names = 0
  return {
    subscriber: async (preferences: Partial<Preferences> = {}) => {
      names += 1
      const email = `reader${names}@example.org`
      const [id = ''] = await addSubscribersFor(site().app, [{ email, ...preferences }])
      return { id, email, link: site().app.links.preferences({ id, linkGeneration: 0 }) }
    },
    read: async (id: string) => {
      const found = await readSubscriber(site().app.ledger.db, id)
      if (found === null) throw new Error('erased')
      return found
    },
    events: async (id: string) =>
      site()
        .app.ledger.db.selectFrom('events')
        .select(['kind', 'data'])
        .where('subscriber_id', '=', id)
        .orderBy('id')
        .execute(),
  }
}

/** Returns the fields that a browser would send for the preferences form of a page. */
export function formOf(page: string): Record<string, string[]> {
  const form = /<form[^>]*class="stack wishes"[^>]*>(.*?)<\/form>/s.exec(page)?.[1] ?? ''
  const fields: Record<string, string[]> = {}
  const add = (name: string | undefined, value: string) => {
    if (name !== undefined) fields[name] = [...(fields[name] ?? []), plain(value)]
  }
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
    const of = (attribute: string) => new RegExp(` ${attribute}="([^"]*)"`).exec(tag)?.[1]
    if (/type="(radio|checkbox)"/.test(tag) && !/ checked=""/.test(tag)) continue
    add(of('name'), of('value') ?? 'on')
  }
  for (const [, name, text] of form.matchAll(/<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</g)) add(name, text ?? '')
  for (const [, name, options] of form.matchAll(/<select[^>]* name="([^"]+)"[^>]*>(.*?)<\/select>/gs))
    add(
      name,
      /<option[^>]* value="([^"]*)"[^>]* selected/.exec(options ?? '')?.[1] ??
        /selected=""[^>]* value="([^"]*)"/.exec(options ?? '')?.[1] ??
        '',
    )
  return fields
}
function plain(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')
}
