import type { ReactElement } from 'react'
import type { Clock } from '../../platform/clock.ts'

import type { Brand } from '../../rendering/digest/props.ts'
import type { Links } from '../../security/signed-links.ts'

/** What every page knows of the installation. */
export interface Site {
  readonly brand: Brand
  readonly links: Links
  readonly clock: Clock
}

/** One page: what stands in its head, and its content. */
export interface Page {
  /** Without the site's name, which is added. */
  readonly title: string
  readonly description?: string
  /** Path and query under which search engines and people should know it; null for pages that are one reader's. */
  readonly canonical: string | null
  /** Which entry of the navigation is the current one. */
  readonly current?: 'today' | 'search' | 'subscribe'
  /** Scripts of assets/ that make the page more comfortable; it works without. */
  readonly scripts?: readonly string[]
  readonly content: ReactElement
}
