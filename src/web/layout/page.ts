import type { ReactElement } from 'react'
import type { Clock } from '../../platform/clock.ts'
import type { Brand } from '../../rendering/digest/props.ts'
import type { Links } from '../../security/signed-links.ts'

/** Data of the installation that every page needs. */
export interface Site {
  readonly brand: Brand
  readonly links: Links
  readonly clock: Clock
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
