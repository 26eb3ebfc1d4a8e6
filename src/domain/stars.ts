import { STARS_GAINED_MIN, STARS_GAINED_SHARE_MIN } from '../../config/limits-stars.ts'
import { say } from '../language/language.ts'

/** How many stars a paper’s repository has on GitHub, and how many it gained lately. */
export interface StarGrowth {
  readonly stars: number
  /** Stars gained since the first reading of the last seven days. Negative if it lost some. */
  readonly gained: number
  /** Days from that reading to the last one, 1–7. */
  readonly days: number
}

/** `limited`: GitHub asks to wait. `refused`: GitHub does not accept the token. `failed`: no usable answer. */
export type StarsFault = 'limited' | 'refused' | 'failed'

/** The state of reading stars. */
export interface StarsState {
  /** When stars were last read. */
  readonly readAt: Date | null
  /** How many papers have a reading of the last day that has any. */
  readonly papers: number
  /** Why the last round read nothing or ended early, or null. */
  readonly fault: { readonly kind: StarsFault; readonly reason: string } | null
}

// Owners: https://docs.github.com/en/enterprise-cloud@latest/admin/identity-and-access-management/iam-configuration-reference/username-considerations-for-external-authentication
const OWNER = /^[a-z\d](?:[a-z\d]|[-_](?=[a-z\d])){0,38}$/
const NAME = /^[\w.-]{1,100}$/

/** Returns `owner/name` in lower case if a link leads into a repository on GitHub, otherwise null. */
export function repositoryOf(link: string | undefined): string | null {
  if (link === undefined || !URL.canParse(link)) return null
  const { hostname, pathname } = new URL(link)
  if (!/^(?:www\.)?github\.com$/.test(hostname)) return null
  const [owner = '', part = ''] = pathname
    .toLowerCase()
    .split('/')
    .filter((each) => each !== '')
  const name = part.replace(/\.git$/, '')
  return OWNER.test(owner) && NAME.test(name) && !/^\.+$/.test(name) ? `${owner}/${name}` : null
}

/** Returns whether a growth is large enough to be shown. */
export function isNotable({ stars, gained }: StarGrowth): boolean {
  return gained >= STARS_GAINED_MIN && gained >= STARS_GAINED_SHARE_MIN * (stars - gained)
}

/** `+310 this week`, or `+310 in 2 days` while the readings span less than six days. */
export function gainedWords(growth: StarGrowth): string {
  return say('stars.gained', valuesOf(growth))
}

/** `+310 GitHub stars this week`. */
export function gainedStarsWords(growth: StarGrowth): string {
  return say('stars.gainedOnGithub', valuesOf(growth))
}

function valuesOf({ gained, days }: StarGrowth) {
  return { gained, days, span: days >= 6 ? 'week' : 'days' }
}
