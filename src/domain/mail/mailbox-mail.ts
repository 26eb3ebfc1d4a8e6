/**
 * The mails that a mailbox gets at most once in a while: those that a visitor can trigger without proof of owning it, and
 * samples. Each kind has its own limit.
 */
export type MailboxMailKind = 'sign-up' | 'address-change' | 'fresh-link' | 'sample'
