import type { Role } from '../../../src/domain/operator.ts'
import type { App } from '../../../workers/app/app.ts'
import { type AdminSite, PASSWORD, PASSWORD_HASH, type TestOperator } from './admin.ts'

/** Adds an account with the password of the tests. Returns its id. */
export async function addTestOperator({ ledger, clock }: App, name: string, role: Role): Promise<string> {
  const email = emailOf(name)
  const { id } = await ledger.db
    .insertInto('operators')
    .values({ email, email_key: email, name, role, password_hash: PASSWORD_HASH, created_at: clock() })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Logs in to the account of a name, from a browser of its own. */
export async function loginAs(
  site: AdminSite,
  name: string,
  fields: Record<string, string> = {},
): Promise<TestOperator> {
  const operator = site.operator()
  const answer = await operator.login(PASSWORD, { email: emailOf(name), ...fields })
  if (answer.status !== 303) throw new Error(`${name} could not log in: ${answer.status}`)
  return operator
}

export function emailOf(name: string): string {
  return `${name.toLowerCase()}@operators.example.org`
}
