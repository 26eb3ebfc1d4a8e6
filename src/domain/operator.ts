/** The roles of operators. Each role may do everything that the one before it may do. */
export const ROLES = ['viewer', 'editor', 'owner'] as const
export type Role = (typeof ROLES)[number]

/** Says in a sentence what each role may do. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  viewer: 'A viewer sees every page and changes nothing.',
  editor: 'An editor also changes editions and subscribers, and sends.',
  owner: 'An owner may do everything: also export, erase, and manage operators.',
}

/** Returns whether `role` may do what `least` may do. */
export function reaches(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least)
}

export function parseRole(text: string): Role | null {
  return ROLES.find((role) => role === text) ?? null
}

/** Returns a name on one line, or null if it is empty, too long or contains an address. */
export function parseName(text: string, charsMax: number): string | null {
  const name = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  // The audit log shows the name and contains no addresses.
  return name === '' || name.length > charsMax || name.includes('@') ? null : name
}
