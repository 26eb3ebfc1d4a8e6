import type { Subscriber } from '../../../domain/subscriber.ts'
import { say } from '../../../language/language.ts'
import { sayWith } from '../../../language/markup.ts'
import type { Site } from '../../layout/page.ts'
import { ownPath } from '../../layout/site.ts'

/** The subscriber's own addresses for reading. The feed is null while they receive no digests. */
export interface ReadingAddresses {
  readonly savedPath: string
  readonly feedUrl: string | null
}

/** Links to the saved papers and to the personal feed. */
export function ReadingLinks({ addresses: { savedPath, feedUrl } }: { readonly addresses: ReadingAddresses }) {
  return (
    <section aria-labelledby="reading">
      <h2 id="reading">{say('preferences.reading')}</h2>
      <ul className="index">
        <li>
          <a className="title" href={savedPath}>
            {say('saved.title')}
          </a>
          <div className="soft small">{say('reading.savedHint')}</div>
        </li>
        {feedUrl === null ? null : (
          <li>
            <a className="title" href={feedUrl} type="application/atom+xml">
              {say('reading.feed')}
            </a>
            <div className="soft small">
              {sayWith('reading.feedHint', { a: (text) => <a href={`${feedUrl}/json`}>{text}</a> })}
            </div>
          </li>
        )}
      </ul>
    </section>
  )
}

/** Returns the subscriber's addresses. The feed's is whole, because it is copied into another program. */
export function readingAddresses(subscriber: Subscriber, site: Site): ReadingAddresses {
  const subscribed = subscriber.state === 'active' || subscriber.state === 'paused'
  return {
    savedPath: ownPath(site, site.links.saved(subscriber)),
    feedUrl: subscribed ? site.links.feed(subscriber) : null,
  }
}
