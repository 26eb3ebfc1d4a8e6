import { systemUserName } from '../platform/user-name.ts'

/** The one who acts: an operator, the command line, or the program. */
export interface Actor {
  /** The operator’s name at that time. */
  readonly who: string
  readonly address: string | null
  /** The operator’s account. Without it: the command line, the program, or a login with ADMIN_PASSWORD. */
  readonly operatorId?: string | null
}

/**
 * Returns the actor of a command: the one who called `sudo`, which sets SUDO_USER, or the system user. On a server of install.sh
 * the system user is always `paperround`.
 */
export function commandLine({ SUDO_USER: caller }: Readonly<Record<string, string | undefined>> = {}): Actor {
  const isName = caller !== undefined && SYSTEM_USER_NAME.test(caller)
  return { who: `command line (${isName ? `${caller}, by sudo` : systemUserName()})`, address: null }
}

/** No longer than Linux allows, and without spaces or control characters. */
const SYSTEM_USER_NAME = /^[\w.@\\-]{1,32}\$?$/

/** The program itself, when it follows rules that an operator set. */
export const PROGRAM: Actor = { who: 'paperround', address: null }
