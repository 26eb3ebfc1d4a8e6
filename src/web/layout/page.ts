import type { ReactElement } from 'react'
import type { Clock } from '../../platform/clock.ts'
import type { Brand } from '../../rendering/digest/props.ts'
import type { Links } from '../../security/signed-links.ts'
import type { BrandAssets } from './brand/assets.ts'

/** Data of the installation that every page needs. */
export interface Site {
  readonly brand: Brand
  readonly links: Links
  readonly clock: Clock
  /** The files of the brand's look. Left out: the program's own look. */
  readonly brandAssets?: BrandAssets
}

/** One page: the data of its head, and its content. */
export interface Page {
  /** Without the site's name, which is added. */
  readonly title: string
  readonly description?: string
  /** Canonical path and query, or null for pages that search engines must not index. */
  readonly canonical: string | null
  /** Path of the Atom feed with the papers of this page. */
  readonly feed?: string
  /** The current entry of the navigation. */
  readonly current?: 'today' | 'topics' | 'week' | 'archive' | 'search' | 'subscribe'
  /** Scripts from assets/. Every page works without them. */
  readonly scripts?: readonly string[]
  /** Further elements of the head, such as citation metadata. */
  readonly head?: ReactElement
  readonly content: ReactElement
  /** Beside the content on a wide screen, below it on a narrow one. */
  readonly context?: ReactElement
}
