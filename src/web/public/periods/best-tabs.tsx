import { say } from '../../../language/language.ts'

const TABS = [
  ['week', '/week', 'nav.week'],
  ['month', '/month', 'tab.month'],
  ['rising', '/rising', 'tab.rising'],
  ['code', '/code', 'link.code'],
] as const

interface BestTabsProps {
  readonly current: (typeof TABS)[number][0]
  /** Whether the stars of repositories are read, so that there is a list of trending code. */
  readonly hasCode: boolean
}

/** The lists that span several days. */
export function BestTabs({ current, hasCode }: BestTabsProps) {
  return (
    <nav className="tabs" aria-label={say('tab.label')}>
      {TABS.filter(([tab]) => tab !== 'code' || hasCode).map(([tab, href, label]) => (
        <a key={tab} href={href} {...(tab === current ? { 'aria-current': 'page' } : {})}>
          {say(label)}
        </a>
      ))}
    </nav>
  )
}
