import type { ReturnedMail } from './build.ts'
import { OTHER_MAILS } from './other-mails.ts'
import { OTHER_TEXTS } from './other-texts.ts'
import { REPORTS } from './reports.ts'
import { UNIX_TEXTS } from './unix-texts.ts'

/** Returned mails in the formats of many mail systems, in our own words. */
export const RETURNED_MAILS: readonly ReturnedMail[] = [...UNIX_TEXTS, ...OTHER_TEXTS, ...REPORTS, ...OTHER_MAILS]
