import type { Subscriber } from '../../../domain/subscriber.ts'
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
      <h2 id="reading">Saved papers and feed</h2>
      <ul className="index">
        <li>
          <a className="title" href={savedPath}>
            Your saved papers
          </a>
          <div className="soft small">Papers that you saved to read later, with export as BibTeX and CSV.</div>
        </li>
        {feedUrl === null ? null : (
          <li>
            <a className="title" href={feedUrl} type="application/atom+xml">
              Your digests as a feed
            </a>
            <div className="soft small">
              Copy this address into a feed reader, also as <a href={`${feedUrl}/json`}>JSON Feed</a>. Keep it private:
              it needs no password. “Disable old links” ends it.
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
