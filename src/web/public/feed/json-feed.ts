import { language } from '../../../language/language.ts'
import type { FeedDocument, FeedEntry } from './document.ts'

/** Returns a feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). */
export function jsonFeedOf({ title, self, page, author, icon, entries }: FeedDocument): string {
  const feed = {
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: page,
    feed_url: self,
    language: language().locale,
    authors: [author],
    ...(icon === null ? {} : { icon }),
    items: entries.map(itemOf),
  }
  return `${JSON.stringify(feed)}\n`
}

function itemOf({
  url,
  title,
  summary,
  html,
  published,
  updated,
  authors,
  keywords,
  categories,
  arxiv,
  pdf,
}: FeedEntry) {
  return {
    id: url,
    url,
    ...(arxiv === null ? {} : { external_url: arxiv }),
    title,
    ...(summary === '' ? {} : { summary }),
    content_html: html,
    date_published: published.toISOString(),
    date_modified: updated.toISOString(),
    ...(authors.length === 0 ? {} : { authors: authors.map((name) => ({ name })) }),
    tags: [...categories, ...keywords],
    ...(pdf === null ? {} : { attachments: [{ url: pdf, mime_type: 'application/pdf', title: 'PDF' }] }),
  }
}
