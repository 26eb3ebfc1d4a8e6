import { language, say } from '../../language/language.ts'
import { sayWith } from '../../language/markup.ts'
import { assetUrl } from './assets.ts'
import { BrandHead, Wordmark } from './brand/wordmark.tsx'
import type { Page, Site } from './page.ts'

/** The document around every page: head, masthead, content and footer. */
export function Layout({ site, page }: { readonly site: Site; readonly page: Page }) {
  const { name, publicUrl } = site.brand
  const { locale, direction } = language()
  const title = page.title === name ? name : say('layout.title', { page: page.title, brand: name })
  const url = page.canonical === null ? null : `${publicUrl}${page.canonical}`
  return (
    <html lang={locale} {...(direction === 'rtl' ? { dir: direction } : {})}>
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
        {['inter-400.woff2', 'inter-600.woff2'].map((font) => (
          <link key={font} rel="preload" href={assetUrl(font)} as="font" type="font/woff2" crossOrigin="anonymous" />
        ))}
        <link rel="stylesheet" href={assetUrl('style.css')} />
        <BrandHead site={site} icon={assetUrl('icon.svg')} />
        <link
          rel="alternate"
          type="application/atom+xml"
          title={say('layout.feed', { brand: name })}
          href="/feed.xml"
        />
        <link
          rel="alternate"
          type="application/feed+json"
          title={say('layout.feed', { brand: name })}
          href="/feed.json"
        />
        {page.feed === undefined ? null : (
          <link
            rel="alternate"
            type="application/atom+xml"
            title={say('layout.pageFeed', { brand: name, page: page.title })}
            href={page.feed}
          />
        )}
        {(page.scripts ?? []).map((script) => (
          // A module runs after the page is read, and its names do not clash with those of another script.
          <script key={script} type="module" src={assetUrl(script)} />
        ))}
      </head>
      <body>
        <a className="skip" href="#content">
          {say('layout.skip')}
        </a>
        <Masthead site={site} current={page.current} />
        {page.context === undefined ? (
          <main id="content" tabIndex={-1}>
            {page.content}
          </main>
        ) : (
          <div className="with-context">
            <main id="content" tabIndex={-1}>
              {page.content}
            </main>
            <aside className="context" aria-label={say('layout.context')}>
              {page.context}
            </aside>
          </div>
        )}
        <Footer site={site} />
      </body>
    </html>
  )
}

const NAVIGATION = [
  ['today', '/', 'nav.today'],
  ['topics', '/topics', 'nav.topics'],
  ['week', '/week', 'nav.week'],
  ['archive', '/archive', 'nav.archive'],
  ['search', '/search', 'nav.search'],
  ['subscribe', '/#subscribe', 'nav.subscribe'],
] as const

function Masthead({ site, current }: { readonly site: Site; readonly current: Page['current'] }) {
  return (
    <header className="masthead">
      <a className="wordmark" href="/" dir="auto">
        <Wordmark site={site} />
      </a>
      <nav aria-label={say('nav.main')}>
        {NAVIGATION.map(([entry, href, label]) => (
          <a
            key={entry}
            className={`to-${entry}`}
            href={href}
            {...(entry === current ? { 'aria-current': 'page' } : {})}
          >
            {say(label)}
          </a>
        ))}
      </nav>
    </header>
  )
}

function Footer({ site }: { readonly site: Site }) {
  const { name, postalAddress, look } = site.brand
  return (
    <footer className="colophon">
      <div>
        {look === undefined || look.footer.text === null ? (
          <p>{sayWith('layout.about', { b: (text) => <b dir="auto">{text}</b> }, { brand: name })}</p>
        ) : (
          <p dir="auto">{look.footer.text}</p>
        )}
        {postalAddress === null ? null : <p dir="auto">{postalAddress}</p>}
      </div>
      <nav aria-label={say('nav.footer')}>
        <a href="/feed.xml">{say('feed.atom')}</a>
        <a href="/scorecard">{say('nav.scorecard')}</a>
        <a href="/archive">{say('nav.archive')}</a>
        <a href="/#subscribe">{say('nav.subscribe')}</a>
        {(look?.footer.links ?? []).map(({ label, url }) => (
          <a key={url} href={url} dir="auto">
            {label}
          </a>
        ))}
      </nav>
    </footer>
  )
}
