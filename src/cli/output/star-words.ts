import type { StarsFault, StarsState } from '../../domain/stars.ts'
import { counted } from '../../text/counted.ts'

const REMEDIES: Readonly<Record<StarsFault, string>> = {
  refused: 'Replace GITHUB_TOKEN; `paperround doctor` says how.',
  limited: 'The other stars are read later.',
  failed: 'Reading is tried again every hour.',
}

/** Says when stars were last read, and what is wrong with it. */
export function describeStars(state: StarsState | null, hasToken: boolean): string[] {
  if (!hasToken) return ['GitHub stars: not read, because GITHUB_TOKEN is not set.']
  if (state === null) return ['GitHub stars: not read yet. The scheduler reads them.']
  const { readAt, papers, fault } = state
  const last =
    readAt === null
      ? 'never read'
      : `last read ${readAt.toISOString().slice(0, 16).replace('T', ' ')} UTC, ${counted(papers, 'paper')} on that day`
  return [`GitHub stars: ${last}`, ...(fault === null ? [] : [`  ${fault.reason}. ${REMEDIES[fault.kind]}`])]
}
