import { userInfo } from 'node:os'

/** Returns the name of the system user who runs this process, or its number if it has no name, as in some containers. */
export function systemUserName(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}
