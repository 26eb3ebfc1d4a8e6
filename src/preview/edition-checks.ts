import {
  EDITION_CHECKS_KEPT_MAX,
  EDITION_CHECKS_KEPT_MS,
  EDITION_CHECKS_MS_MAX,
  EDITION_FINDINGS_MAX,
  EDITION_SPAM_WAIT_MS,
} from '../../config/limits-web.ts'
import type { Day } from '../domain/day.ts'
import type { Edition } from '../domain/edition.ts'
import type { Paper } from '../domain/paper.ts'
import { buildMime } from '../mail/mime.ts'
import type { Message } from '../mail/transport.ts'
import type { ViewedDigest } from '../pipeline/look/compose-view.ts'
import { type DigestReader, PERSONAS, personaReader } from '../pipeline/look/readers.ts'
import { createLoadingCache } from '../platform/cache.ts'
import type { Clock } from '../platform/clock.ts'
import { withTimeout } from '../platform/timeout.ts'
import { checkMessage } from './checks/all.ts'
import type { Check, CheckFinding, Severity } from './checks/check.ts'
import { checkSpam } from './checks/spam.ts'

/** One thing that the checks found in the digests of an edition. */
export interface EditionFinding extends CheckFinding {
  /** The title of the check. */
  readonly check: string
  /** The digests that have it, such as “Weekly digest”. */
  readonly digests: readonly string[]
}

/** The findings of the preview's checks in the digests of one revision. */
export interface EditionReport {
  readonly revision: number
  /** Faults first, then warnings, then notes. */
  readonly findings: readonly EditionFinding[]
  readonly counts: Readonly<Record<Severity, number>>
  /** Checks that could not run, each with its reason. */
  readonly absent: readonly { readonly title: string; readonly reason: string }[]
  /** The digests that were checked. */
  readonly digests: readonly string[]
}

/** Checks the digests of an edition, and keeps the report of each revision for a while. */
export interface EditionChecks {
  check(edition: Pick<Edition, 'day' | 'revision' | 'incomplete'>): Promise<EditionReport>
}

export interface EditionChecksDeps {
  readonly compose: (day: Day, reader: DigestReader) => Promise<ViewedDigest>
  /** Returns the papers with these ids. */
  readonly readPapers: (ids: readonly string[]) => Promise<readonly Paper[]>
  readonly publicUrl: string
  readonly clock: Clock
  /** How long a report waits for the checks, and for the spam check. */
  readonly waitMs?: number
  readonly spamWaitMs?: number
}

const SEVERITIES = ['fault', 'warning', 'note'] as const

export function createEditionChecks(deps: EditionChecksDeps): EditionChecks {
  const kept = { max: EDITION_CHECKS_KEPT_MAX, expiry: { ms: EDITION_CHECKS_KEPT_MS, clock: deps.clock } }
  const reports = createLoadingCache<Checked>(kept)
  return {
    async check(edition) {
      const checking = reports(`${edition.day} ${edition.revision}`, () => checkDigests(edition, deps))
      // The work goes on, so a later call finds it done.
      const checked = await withTimeout(checking, deps.waitMs ?? EDITION_CHECKS_MS_MAX).catch(() => null)
      if (checked === null) return reportOf(edition, [{ title: '', checks: [NOT_YET] }])
      const { digests, spam } = checked
      const spamCheck = await withTimeout(spam, deps.spamWaitMs ?? EDITION_SPAM_WAIT_MS).catch(() => STILL_RUNNING)
      const first = digests[0]?.title ?? ''
      return reportOf(edition, [...digests, { title: first, checks: [spamCheck] }])
    },
  }
}

interface CheckedDigest {
  readonly title: string
  readonly checks: readonly Check[]
}

interface Checked {
  readonly digests: readonly CheckedDigest[]
  /** It may take many seconds, so it goes on after the others. */
  readonly spam: Promise<Check>
}

const SPAM = { id: 'spam', title: 'Spam score' } as const
const NOT_YET: Check = {
  id: 'compose',
  title: 'Digests',
  kind: 'absent',
  reason: 'The checks are still running. Try again in some seconds.',
}
const STILL_RUNNING: Check = {
  ...SPAM,
  kind: 'absent',
  reason: 'SpamAssassin is still running. Try again in some seconds.',
}

async function checkDigests(edition: Pick<Edition, 'day'>, deps: EditionChecksDeps): Promise<Checked> {
  const digests: CheckedDigest[] = []
  let first: Message | null = null
  for (const persona of PERSONAS) {
    const { title } = persona
    try {
      const view = await deps.compose(edition.day, personaReader(persona, [], edition.day))
      if (view.kind === 'none') continue
      first ??= view.message
      const { checks } = await checkMessage(view.message, deps.publicUrl)
      const brought = new Set((await deps.readPapers(view.paperIds)).flatMap(({ links }) => Object.values(links)))
      digests.push({ title, checks: checks.map((check) => withoutBlame(check, brought)) })
    } catch (error) {
      digests.push({ title, checks: [faultyDigest(error as Error)] })
    }
  }
  const spam = first === null ? Promise.resolve(noMail()) : checkSpam(buildMime(first))
  return { digests, spam: spam.catch((error: Error) => ({ ...SPAM, kind: 'absent', reason: error.message })) }
}

/**
 * A fault in a link that a paper brought is not the operator’s, and no edition can be corrected for it. So it is a warning. The
 * sample papers have such links.
 */
function withoutBlame(check: Check, brought: ReadonlySet<string>): Check {
  if (check.kind === 'absent' || check.id !== 'links') return check
  const isBrought = (place: string) => brought.has(place.replace(/^line \d+: /, ''))
  const findings = check.findings.map((finding) =>
    finding.severity === 'fault' && finding.where?.every(isBrought)
      ? { ...finding, severity: 'warning' as const }
      : finding,
  )
  return { ...check, findings }
}

/** A digest that cannot be composed cannot be sent either. */
function faultyDigest({ message }: Error): Check {
  const words = `The digest cannot be composed: ${message}`
  return { id: 'compose', title: 'Composing', kind: 'done', summary: '', findings: [{ severity: 'fault', words }] }
}

function noMail(): Check {
  return { ...SPAM, kind: 'absent', reason: 'There is no digest to check.' }
}

function reportOf(edition: Pick<Edition, 'revision' | 'incomplete'>, digests: readonly CheckedDigest[]): EditionReport {
  const found = new Map<string, EditionFinding>()
  const absent = new Map<string, string>()
  for (const { title, checks } of digests)
    for (const check of checks) {
      if (check.kind === 'absent') absent.set(check.title, check.reason)
      else for (const finding of check.findings) addFinding(found, finding, check.title, title)
    }
  if (edition.incomplete !== null)
    found.set('incomplete', { severity: 'warning', words: edition.incomplete, check: 'Papers', digests: [] })
  const findings = SEVERITIES.flatMap((severity) => [...found.values()].filter((each) => each.severity === severity))
  return {
    revision: edition.revision,
    findings: findings.slice(0, EDITION_FINDINGS_MAX),
    counts: {
      fault: findings.filter(({ severity }) => severity === 'fault').length,
      warning: findings.filter(({ severity }) => severity === 'warning').length,
      note: findings.filter(({ severity }) => severity === 'note').length,
    },
    absent: [...absent].map(([title, reason]) => ({ title, reason })),
    digests: [...new Set(digests.map(({ title }) => title))].filter((title) => title !== ''),
  }
}

/** Several digests often have the same finding, which is listed once. */
function addFinding(found: Map<string, EditionFinding>, finding: CheckFinding, check: string, digest: string): void {
  const key = `${check} ${finding.severity} ${finding.words}`
  const known = found.get(key)
  if (known === undefined) found.set(key, { ...finding, check, digests: [digest] })
  else found.set(key, { ...known, digests: [...new Set([...known.digests, digest])] })
}
