import { byWord, said, signedUp } from './program-cells.ts'
import type { CellOf, ProgramFormat } from './program-format.ts'

/**
 * An audience export: three files, which UNSUB_TIME and CLEAN_TIME distinguish. Only its name distinguishes a fourth, of people
 * who never subscribed. Columns: https://github.com/TryGhost/migrate/tree/main/packages/mg-mailchimp-members/src/test/fixtures,
 * meaning: http://kb.mailchimp.com/lists/managing-subscribers/view-unsubscribed-and-cleaned-addresses.
 */
const MAILCHIMP: ProgramFormat = {
  program: 'Mailchimp',
  required: [
    ['email address', 'email'],
    ['optin_time'],
    ['confirm_time'],
    ['leid', 'euid', 'member_rating', 'last_changed'],
  ],
  reads: [
    [/^email( address)?$/, 'email'],
    [/^(unsub_(time|reason)|clean_time)$/, 'state'],
    [/^(optin|confirm)_time$/, 'consent'],
    [/^timezone$/, 'timezone'],
  ],
  email: (cell) => cell('email address') ?? cell('email') ?? '',
  state: mailchimpState,
  consent: (cell) => signedUp('Mailchimp', cell, { optin_time: 'signed up', confirm_time: 'confirmed' }),
}

function mailchimpState(cell: CellOf, file: string): string {
  // A file of subscribers has LAST_CHANGED. An empty UNSUB_TIME next to it is a custom field.
  const is = (column: string) =>
    (cell(column) ?? '') !== '' || (cell(column) === '' && cell('last_changed') === undefined)
  const reason = cell('unsub_reason') ?? ''
  if (is('clean_time') || /^cleaned/i.test(file)) return said('bounced', 'Mailchimp: cleaned', cell('clean_time'))
  if (is('unsub_time') || /^unsubscribed/i.test(file))
    return /abuse|spam|complain/i.test(reason)
      ? said('complained', 'Mailchimp: unsubscribed', cell('unsub_time'), reason)
      : said('unsubscribed', 'Mailchimp: unsubscribed', cell('unsub_time'), reason)
  return /^non.?subscribed/i.test(file) ? said('pending', 'Mailchimp: never subscribed') : 'active'
}

/**
 * `email_list.*.csv` of an export. Columns and the addresses of deleted accounts:
 * https://github.com/TryGhost/migrate/tree/main/packages/mg-substack-members-csv, https://github.com/TryGhost/migrate/pull/148.
 */
const SUBSTACK: ProgramFormat = {
  program: 'Substack',
  required: [['email'], ['active_subscription'], ['email_disabled'], ['created_at']],
  reads: [
    [/^email$/, 'email'],
    [/^email_disabled$/, 'state'],
    [/^created_at$/, 'consent'],
  ],
  email: (cell) => cell('email') ?? '',
  state: (cell) =>
    /@deletion-request\.substack\.com$/i.test(cell('email') ?? '')
      ? 'addressless'
      : byWord(cell, 'Substack', ['email_disabled'], { false: 'active', true: 'unsubscribed' }),
  consent: (cell) => signedUp('Substack', cell, { created_at: 'signed up' }),
}

/**
 * A members export. Columns: https://github.com/TryGhost/Ghost/blob/main/ghost/members-csv/lib/unparse.js
 * (`products` became `tiers`).
 */
const GHOST: ProgramFormat = {
  program: 'Ghost',
  required: [['id'], ['email'], ['subscribed_to_emails'], ['complimentary_plan']],
  reads: [
    [/^email$/, 'email'],
    [/^(subscribed_to_emails|deleted_at)$/, 'state'],
    [/^created_at$/, 'consent'],
  ],
  email: (cell) => cell('email') ?? '',
  state: (cell) =>
    cell('deleted_at')
      ? said('unsubscribed', 'Ghost: deleted', cell('deleted_at'))
      : byWord(cell, 'Ghost', ['subscribed_to_emails'], { true: 'active', false: 'unsubscribed' }),
  consent: (cell) => signedUp('Ghost', cell, { created_at: 'signed up' }),
}

/**
 * A subscribers export. Columns: https://github.com/knadh/listmonk/blob/master/cmd/subscribers.go (`ExportSubscribers`).
 * It lacks the state on each list: https://github.com/knadh/listmonk/issues/738.
 */
const LISTMONK: ProgramFormat = {
  program: 'listmonk',
  required: [['uuid'], ['email'], ['attributes'], ['status']],
  reads: [
    [/^email$/, 'email'],
    [/^status$/, 'state'],
    [/^created_at$/, 'consent'],
  ],
  email: (cell) => cell('email') ?? '',
  state: (cell) =>
    byWord(cell, 'listmonk', ['status'], { enabled: 'active', disabled: 'unsubscribed', blocklisted: 'blocked' }),
  consent: (cell) => signedUp('listmonk', cell, { created_at: 'signed up' }),
  caution:
    'This export does not say who has unsubscribed from a single list. Export only the confirmed subscribers of your list (docs/IMPORT.md).',
}

/**
 * A subscribers export. Columns: https://github.com/TryGhost/migrate/tree/main/packages/mg-beehiiv-members/src/test/fixtures,
 * states: https://schemas.apis.io/schemas/beehiiv/beehiiv-subscription/.
 */
const BEEHIIV: ProgramFormat = {
  program: 'beehiiv',
  required: [
    ['email'],
    ['status', 'subscription status'],
    ['created_at', 'created at'],
    ['tier', 'subscription_tier', 'subscription tier', 'utm_source', 'acquisition_source', 'unsubscribed_at'],
  ],
  reads: [
    [/^email$/, 'email'],
    [/^(status|subscription status|unsubscribed_at)$/, 'state'],
    [/^(created[_ ]at|utm_source|acquisition_source)$/, 'consent'],
  ],
  email: (cell) => cell('email') ?? '',
  state: (cell) =>
    cell('unsubscribed_at')
      ? said('unsubscribed', 'beehiiv: unsubscribed', cell('unsubscribed_at'))
      : byWord(cell, 'beehiiv', ['status', 'subscription status'], {
          active: 'active',
          inactive: 'unsubscribed',
          pending: 'pending',
          validating: 'pending',
          needs_attention: 'pending',
          'needs attention': 'pending',
          invalid: 'bounced',
        }),
  consent: (cell) =>
    signedUp('beehiiv', cell, { created_at: 'signed up', 'created at': 'signed up' }, [
      'acquisition_source',
      'utm_source',
    ]),
}

/**
 * A subscribers export, with the names of the API. Columns: https://pypi.org/project/tap-buttondown/, states:
 * https://docs.buttondown.com/api-subscribers-type, https://github.com/buttondown/openapi/blob/main/enums.json.
 */
const BUTTONDOWN: ProgramFormat = {
  program: 'Buttondown',
  required: [['email_address', 'email'], ['subscriber_type', 'type'], ['creation_date']],
  reads: [
    [/^email(_address)?$/, 'email'],
    [/^((subscriber_)?type|unsubscription_date|undeliverability_(date|reason))$/, 'state'],
    [/^(creation_date|source)$/, 'consent'],
  ],
  email: (cell) => cell('email_address') ?? cell('email') ?? '',
  state: (cell) =>
    byWord(
      cell,
      'Buttondown',
      ['subscriber_type', 'type'],
      {
        regular: 'active',
        premium: 'active',
        gifted: 'active',
        trialed: 'active',
        churning: 'active',
        past_due: 'active',
        paused: 'active', // The paid plan is paused; “still subscribed to your newsletter”.
        unpaid: 'pending',
        churned: 'pending',
        unactivated: 'pending',
        unsubscribed: 'unsubscribed',
        removed: 'unsubscribed',
        complained: 'complained',
        undeliverable: 'bounced',
        malformed: 'bounced',
        spammy: 'blocked',
        disposable: 'blocked',
        blocked: 'blocked',
      },
      ['unsubscription_date', 'undeliverability_date', 'undeliverability_reason'],
    ),
  consent: (cell) => signedUp('Buttondown', cell, { creation_date: 'signed up' }, ['source']),
}

/**
 * A subscribers export. Names and states: https://developers.kit.com/api-reference/subscribers/list-subscribers,
 * https://help.convertkit.com/en/articles/2502651-subscribers-type-defined. An export without a state is not recognised.
 */
const KIT: ProgramFormat = {
  program: 'Kit',
  required: [['email', 'email_address'], ['first_name'], ['created_at'], ['status', 'state']],
  reads: [
    [/^email(_address)?$/, 'email'],
    [/^(status|state)$/, 'state'],
    [/^created_at$/, 'consent'],
  ],
  email: (cell) => cell('email') ?? cell('email_address') ?? '',
  state: (cell) =>
    byWord(cell, 'Kit', ['status', 'state'], {
      active: 'active',
      confirmed: 'active',
      inactive: 'pending',
      unconfirmed: 'pending',
      cancelled: 'unsubscribed',
      bounced: 'bounced',
      complained: 'complained',
    }),
  consent: (cell) => signedUp('Kit', cell, { created_at: 'signed up' }),
}

/** Formats of newsletter programs. A file that matches two is read as the first. */
export const NEWSLETTER_FORMATS: readonly ProgramFormat[] = [
  MAILCHIMP,
  SUBSTACK,
  GHOST,
  LISTMONK,
  BEEHIIV,
  BUTTONDOWN,
  KIT,
]
