import type { RecordedAction } from '../../../ledger/operators/audit.ts'

/**
 * The words for each action, after the name of the one who did it. `{name}` is a value after the action, `{before.name}` one before it. The
 * page adds the edition and the subscriber.
 */
export const ACTION_WORDS: Readonly<Record<string, string>> = {
  'edition.paused': 'paused the sending',
  'edition.running': 'resumed the sending',
  'edition.cancelled': 'cancelled the sending',
  'edition.approved': 'approved revision {revision}',
  'edition.revised': 'edited the papers, as revision {revision}',
  'edition.test-sent': 'sent a test of revision {revision} through {transport}, as for {reader}: {result}',
  'edition.canary-set': 'set the canary to {percent} %, before {before.percent} %',
  'edition.canary-passed': 'ended the wait for the canary, whose figures were good',
  'edition.canary-stopped': 'paused the sending, because the canary had too many bounces or complaints',
  'transports.opened': 'tried the paused transports again',
  'deliveries.refused-retried': 'queued {queued} rejected deliveries again',
  'deliveries.uncertain-resent': 'sent {queued} unconfirmed deliveries again',
  'deliveries.uncertain-sent': 'marked {sent} unconfirmed deliveries as sent',
  'deliveries.month-dropped': 'dropped the deliveries of {before.month}, which were over age',
  'ledger.restored': 'prepared the restored database for sending',
  'subscriber.added': 'added a subscriber',
  'subscriber.pending': 'set a subscriber back to unconfirmed',
  'subscriber.active': 'made a subscriber active',
  'subscriber.paused': 'paused a subscriber',
  'subscriber.unsubscribed': 'unsubscribed a subscriber',
  'subscriber.suppressed': 'suppressed a subscriber',
  'subscriber.erased': 'erased a subscriber',
  'subscriber.edited': 'edited a subscriber',
  'subscriber.address-asked': 'asked the new address of a subscriber to confirm',
  'subscriber.address-changed': 'changed the address of a subscriber',
  'subscriber.confirmation-sent': 'sent a subscriber the confirmation mail again',
  'subscriber.link-sent': 'sent a subscriber a link to the preferences',
  'subscribers.bulk-started': 'started bulk action {bulk}: {kind} for {subscribers} subscribers ({search})',
  'subscribers.bulk-stopped': 'stopped bulk action {bulk} after {changed} subscribers were changed',
  'subscribers.bulk-finished': 'finished bulk action {bulk}: {kind} changed {changed} of {examined} subscribers',
  'segment.saved': 'saved the segment {name}: {filter}',
  'segment.deleted': 'deleted the segment {before.name}',
  'subscribers.imported': 'imported a list: {added} added, {known} already known, {suppressed} suppressed',
  'subscribers.exported': 'exported the list of subscribers',
  'suppression.added': 'suppressed the address {hash}…',
  'suppression.lifted': 'lifted the suppression of the address {before.hash}…',
  'login.done': 'logged in',
  'login.failed': 'tried to log in and failed',
  'login.passkey-used': 'logged in with the passkey {passkey}',
  'login.passkey-refused': 'tried to log in with a passkey and was refused: {because}',
  'login.ended': 'logged out',
  'login.ended-everywhere': 'ended all {before.sessions} sessions of all operators',
  'login.others-ended': 'ended {ended} of their own sessions',
  'operator.invited': 'invited {name} as {role}',
  'operator.withdrawn': 'withdrew the invitation of {name}',
  'operator.joined': 'accepted the invitation as {role}',
  'operator.link-made': 'made a link for {name} to set a password',
  'operator.role-changed': 'changed the role of {name} from {before.role} to {role}',
  'operator.disabled': 'disabled the account of {name}',
  'operator.enabled': 'enabled the account of {name}',
  'operator.password-changed': 'changed their own password',
  'operator.password-reset': 'set a new password by a one-time link',
  'operator.two-factor-on': 'turned their two-factor login on',
  'operator.two-factor-off': 'turned their two-factor login off',
  'operator.recovery-codes-made': 'made new recovery codes for themselves',
  'operator.passkey-added': 'added the passkey {passkey} to their account',
  'operator.passkey-removed': 'removed their passkey {before.passkey}',
  'operator.passkeys-removed': 'removed all {before.passkeys} passkeys of {before.name}',
  'audit.exported': 'exported the audit log',
}

/** Returns what an action did, in words, such as “changed the role of Bob from viewer to editor”. */
export function wordsOf({ action, before, after }: Pick<RecordedAction, 'action' | 'before' | 'after'>): string {
  const words = ACTION_WORDS[action] ?? action
  return words.replace(/\{(before\.)?([\w-]+)\}/g, (_, isBefore: string | undefined, name: string) => {
    const value = (isBefore === undefined ? after : before)?.[name]
    // An erasure also removes the values.
    return value === undefined || value === null ? '?' : String(value)
  })
}

/** Returns the values before and after as lines, such as `role: viewer → editor`. */
export function changesOf({ before, after }: Pick<RecordedAction, 'before' | 'after'>): string[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return names.map((name) => {
    const values = [before, after].flatMap((side) => (side === null || side[name] === undefined ? [] : [side[name]]))
    return `${name}: ${[...new Set(values.map(textOf))].join(' → ')}`
  })
}

function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value).replaceAll('"', '') : String(value)
}
