import { CARD_SIZE } from './card.ts'

/** The tags of a page’s picture: Open Graph, and the one that makes X show it large. `page` is the page’s whole address. */
export function CardTags({ page, alt }: { readonly page: string; readonly alt: string }) {
  return (
    <>
      <meta property="og:image" content={`${page}/card.png`} />
      <meta property="og:image:type" content="image/png" />
      <meta property="og:image:width" content={String(CARD_SIZE.width)} />
      <meta property="og:image:height" content={String(CARD_SIZE.height)} />
      <meta property="og:image:alt" content={alt} />
      <meta name="twitter:card" content="summary_large_image" />
    </>
  )
}
