/** The mails that a visitor can trigger without proof of owning the mailbox. Each kind has its own limit. */
export type MailboxMailKind = 'sign-up' | 'address-change' | 'fresh-link'
