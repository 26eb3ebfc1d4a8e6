import type { StarsAnswer } from '../sources/github/stars.ts'
import { type DoctorFinding, ok, warning } from './finding.ts'

const CHECK = 'GitHub'

/**
 * Whether GitHub accepts the token with which stars are read. No mail depends on it, so nothing here is an error.
 * @param answer of a query about no repository; null without a token.
 */
export function checkGithub(answer: StarsAnswer | null): DoctorFinding {
  if (answer === null)
    return ok(
      CHECK,
      'The stars of the papers’ code are not read. To show which code trends, set GITHUB_TOKEN to a token without any permission.',
    )
  const { fault } = answer
  if (fault === null) return ok(CHECK, 'GitHub accepts GITHUB_TOKEN.')
  if (fault.kind === 'refused')
    return warning(
      CHECK,
      `GitHub does not accept GITHUB_TOKEN, so stars are not read. ${fault.reason}.`,
      'Create a token without any permission at https://github.com/settings/personal-access-tokens, and set it. Or unset GITHUB_TOKEN.',
    )
  if (fault.kind === 'limited')
    return warning(
      CHECK,
      `The limit of GITHUB_TOKEN is used up for now. ${fault.reason}.`,
      'Reading continues by itself. If this lasts, use a token that no other program uses.',
    )
  return warning(
    CHECK,
    `GitHub cannot be reached, so stars are not read. ${fault.reason}.`,
    'Look at GITHUB_API_URL, and whether this machine may connect to it.',
  )
}
