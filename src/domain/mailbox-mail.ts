/** Why somebody who is not proven to own a mailbox may have us mail it. Each kind has its own limit. */
export type MailboxMailKind = 'sign-up' | 'address-change' | 'fresh-link'
