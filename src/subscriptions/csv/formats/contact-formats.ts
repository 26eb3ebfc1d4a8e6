import type { CellOf, ProgramFormat } from './program-format.ts'

const CONTACTS_MAX = 20 // Addresses per contact that are considered.

/**
 * Google Contacts. A cell may contain several addresses separated by ` ::: `, and the label of the primary one begins
 * with `* `. Columns: https://github.com/phuchungbhutia/cheatsheets/blob/main/cheatsheets/contacts.md and exports of
 * 2024; `Label` was called `Type` before.
 */
const GOOGLE: ProgramFormat = {
  program: 'Google Contacts',
  required: [['e-mail 1 - value']],
  reads: [[/^e-mail \d+ - (value|label|type)$/, 'email']],
  email: googleAddress,
  state: (cell) => (googleAddress(cell) === '' ? 'addressless' : 'active'),
  consent: () => '',
}

function googleAddress(cell: CellOf): string {
  let first = ''
  for (let at = 1; at <= CONTACTS_MAX; at += 1) {
    const value = cell(`e-mail ${at} - value`)
    if (value === undefined) break
    if (value === '') continue
    const label = cell(`e-mail ${at} - label`) ?? cell(`e-mail ${at} - type`) ?? ''
    if (label.startsWith('*')) return firstOf(value)
    first ||= value
  }
  return firstOf(first)
}

function firstOf(value: string): string {
  return value.split(':::')[0]?.trim() ?? ''
}

/** Outlook, and the export of other programs “for Outlook”. Columns: https://github.com/michalbe/csv2vcard#readme. */
const OUTLOOK: ProgramFormat = {
  program: 'Outlook contacts',
  required: [['e-mail address'], ['e-mail display name', 'e-mail type', 'e-mail 2 address']],
  reads: [[/^e-mail (\d )?address$/, 'email']],
  email: outlookAddress,
  state: (cell) => (outlookAddress(cell) === '' ? 'addressless' : 'active'),
  consent: () => '',
}

function outlookAddress(cell: CellOf): string {
  return cell('e-mail address') || cell('e-mail 2 address') || cell('e-mail 3 address') || ''
}

/** Formats of address books. They contain no consent, so a consent note is required. */
export const CONTACT_FORMATS: readonly ProgramFormat[] = [GOOGLE, OUTLOOK]
