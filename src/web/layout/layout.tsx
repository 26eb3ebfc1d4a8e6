import { assetUrl } from './assets.ts'
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
        <link rel="icon" href={assetUrl('icon.svg')} type="image/svg+xml" />
        <link rel="stylesheet" href={assetUrl('style.css')} />
        <link rel="alternate" type="application/atom+xml" title={`${name}: the day’s papers`} href="/feed.xml" />
        {(page.scripts ?? []).map((script) => (
          <script key={script} src={assetUrl(script)} defer />
        ))}
      </head>
      <body>
        <a className="skip" href="#content">
          Skip to content
        </a>
        <Masthead name={name} current={page.current} />
        <main id="content" tabIndex={-1}>
          {page.content}
        </main>
        <footer className="colophon">
          <p>
            {name} delivers the day’s trending research papers by email. <a href="/scorecard">Scorecard</a> ·{' '}
            <a href="/feed.xml">Atom feed</a>
          </p>
          {postalAddress === null ? null : <p dir="auto">{postalAddress}</p>}
        </footer>
      </body>
    </html>
  )
}

function Masthead({ name, current }: { readonly name: string; readonly current: Page['current'] }) {
  const here = (entry: Page['current']) => (entry === current ? ({ 'aria-current': 'page' } as const) : {})
  return (
    <header className="masthead">
      <a className="wordmark" href="/" dir="auto">
        {name}
      </a>
      <nav aria-label="Main">
        <a href="/" {...here('today')}>
          Today
        </a>
        <a href="/search" {...here('search')}>
          Search
        </a>
        <a href="/#subscribe" {...here('subscribe')}>
          Subscribe
        </a>
      </nav>
    </header>
  )
}
