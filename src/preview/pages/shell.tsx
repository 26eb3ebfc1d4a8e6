import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { KEYS } from './keys.ts'

/** A page of the preview as HTML. */
export function renderShell(title: string, page: ReactNode, className = ''): string {
  return `<!doctype html>${renderToStaticMarkup(
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · preview`}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/preview.css" />
        <script type="module" src="/assets/preview.js" />
      </head>
      <body className={className}>
        {page}
        <Keys />
        <CopyByHand />
      </body>
    </html>,
  )}`
}

function Keys() {
  return (
    <dialog id="keys" aria-labelledby="keys-title">
      <h2 id="keys-title">Keyboard shortcuts</h2>
      <dl className="keys">
        {KEYS.map(([key, words]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  )
}

/** Shown when the browser refuses access to the clipboard. */
function CopyByHand() {
  return (
    <dialog id="by-hand" aria-labelledby="by-hand-title">
      <h2 id="by-hand-title">Copy by hand</h2>
      <p>
        The browser does not let this page use the clipboard. The text is selected: press Ctrl+C, or Cmd+C on a Mac.
      </p>
      <textarea aria-label="Text to copy" readOnly rows={12} />
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  )
}
