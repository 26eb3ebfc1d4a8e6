const TABS = [
  ['week', '/week', 'Week'],
  ['month', '/month', 'Month'],
  ['rising', '/rising', 'Rising again'],
] as const

/** The lists that span several days. */
export function BestTabs({ current }: { readonly current: (typeof TABS)[number][0] }) {
  return (
    <nav className="tabs" aria-label="Best of">
      {TABS.map(([tab, href, label]) => (
        <a key={tab} href={href} {...(tab === current ? { 'aria-current': 'page' } : {})}>
          {label}
        </a>
      ))}
    </nav>
  )
}
