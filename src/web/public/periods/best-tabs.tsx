const TABS = [
  ['week', '/week', 'Week'],
  ['month', '/month', 'Month'],
  ['rising', '/rising', 'Rising again'],
  ['code', '/code', 'Code'],
] as const

interface BestTabsProps {
  readonly current: (typeof TABS)[number][0]
  /** Whether the stars of repositories are read, so that there is a list of trending code. */
  readonly hasCode: boolean
}

/** The lists that span several days. */
export function BestTabs({ current, hasCode }: BestTabsProps) {
  return (
    <nav className="tabs" aria-label="Best of">
      {TABS.filter(([tab]) => tab !== 'code' || hasCode).map(([tab, href, label]) => (
        <a key={tab} href={href} {...(tab === current ? { 'aria-current': 'page' } : {})}>
          {label}
        </a>
      ))}
    </nav>
  )
}
