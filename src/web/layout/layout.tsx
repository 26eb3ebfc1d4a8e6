import { assetUrl } from './assets.ts'
import { Mark } from './mark.tsx'
import type { Page, Site } from './page.ts'

/** The document around every page: head, masthead, content and footer. */
export function Layout({ site, page }: { readonly site: Site; readonly page: Page }) {
  const { name, publicUrl, postalAddress } = site.brand
  const title = page.title === name ? name : `${page.title} · ${name}`
  const url = page.canonical === null ? null : `${publicUrl}${page.canonical}`
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        {page.description === undefined ? null : <meta name="description" content={page.description} />}
        {url === null ? (
          <meta name="robots" content="noindex, nofollow" />
        ) : (
          <>
            <link rel="canonical" href={url} />
            <meta property="og:type" content="website" />
            <meta property="og:site_name" content={name} />
            <meta property="og:title" content={page.title} />
            {page.description === undefined ? null : <meta property="og:description" content={page.description} />}
            <meta property="og:url" content={url} />
          </>
        )}
        {page.head}
        <link rel="icon" href={assetUrl('icon.svg')} type="image/svg+xml" />
        {['inter-400.woff2', 'inter-600.woff2'].map((font) => (
          <link key={font} rel="preload" href={assetUrl(font)} as="font" type="font/woff2" crossOrigin="anonymous" />
        ))}
        <link rel="stylesheet" href={assetUrl('style.css')} />
        <link rel="alternate" type="application/atom+xml" title={`${name}: the day’s papers`} href="/feed.xml" />
        <link rel="alternate" type="application/feed+json" title={`${name}: the day’s papers`} href="/feed.json" />
        {page.feed === undefined ? null : (
          <link rel="alternate" type="application/atom+xml" title={`${name}: ${page.title}`} href={page.feed} />
        )}
        {(page.scripts ?? []).map((script) => (
          // A module runs after the page is read, and its names do not clash with those of another script.
          <script key={script} type="module" src={assetUrl(script)} />
        ))}
      </head>
      <body>
        <a className="skip" href="#content">
          Skip to content
        </a>
        <Masthead name={name} current={page.current} />
        {page.context === undefined ? (
          <main id="content" tabIndex={-1}>
            {page.content}
          </main>
        ) : (
          <div className="with-context">
            <main id="content" tabIndex={-1}>
              {page.content}
            </main>
            <aside className="context" aria-label="More from this site">
              {page.context}
            </aside>
          </div>
        )}
        <Footer name={name} postalAddress={postalAddress} />
      </body>
    </html>
  )
}

const NAVIGATION = [
  ['today', '/', 'Today'],
  ['topics', '/topics', 'Topics'],
  ['week', '/week', 'Week'],
  ['archive', '/archive', 'Archive'],
  ['search', '/search', 'Search'],
  ['subscribe', '/#subscribe', 'Subscribe'],
] as const

function Masthead({ name, current }: { readonly name: string; readonly current: Page['current'] }) {
  return (
    <header className="masthead">
      <a className="wordmark" href="/" dir="auto">
        <Mark />
        {name}
      </a>
      <nav aria-label="Main">
        {NAVIGATION.map(([entry, href, label]) => (
          <a
            key={entry}
            className={`to-${entry}`}
            href={href}
            {...(entry === current ? { 'aria-current': 'page' } : {})}
          >
            {label}
          </a>
        ))}
      </nav>
    </header>
  )
}

function Footer({ name, postalAddress }: { readonly name: string; readonly postalAddress: string | null }) {
  return (
    <footer className="colophon">
      <div>
        <p>
          <b dir="auto">{name}</b> reads the day’s research papers, ranks them by votes and delivers them by email, with
          those that match your interests first. No account, no tracking.
        </p>
        {postalAddress === null ? null : <p dir="auto">{postalAddress}</p>}
      </div>
      <nav aria-label="Footer">
        <a href="/feed.xml">Atom feed</a>
        <a href="/scorecard">Scorecard</a>
        <a href="/archive">Archive</a>
        <a href="/#subscribe">Subscribe</a>
      </nav>
    </footer>
  )
}
