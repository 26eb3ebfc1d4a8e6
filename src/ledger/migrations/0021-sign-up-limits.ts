import { type Kysely, sql } from 'kysely'

/** Adds the columns and the table that the limits on sign-ups count: mailboxes, wider networks, form tokens. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `alter table sign_ups add column wide_network text, add column form_hash text, add column post_hash text`,
  `create index sign_ups_wide_network on sign_ups (wide_network, at)`,
  `create index sign_ups_form on sign_ups (form_hash) where form_hash is not null`,
  // A form is taken once for an address, so that a proof of work serves once.
  `create unique index sign_ups_post on sign_ups (post_hash) where post_hash is not null`,
  `create table mailbox_mails (
    mailbox_hash text not null,
    kind text not null check (kind in ('sign-up', 'address-change', 'fresh-link')),
    at timestamptz not null,
    primary key (mailbox_hash, kind)
  )`,
  `create index mailbox_mails_at on mailbox_mails (at)`,
  // The hash of a mailbox is that of its address where the address has no second spelling.
  `insert into mailbox_mails (mailbox_hash, kind, at)
    select address_hash, 'sign-up', max(at) from sign_ups
    where state <> 'dropped' and at > now() - interval '1 day' group by address_hash`,
]
