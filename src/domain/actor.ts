import { systemUserName } from '../platform/user-name.ts'

/** The one who acts: an operator, the command line, or the program. */
export interface Actor {
  /** The operator’s name at that time. */
  readonly who: string
  readonly address: string | null
  /** The operator’s account. Without it: the command line, the program, or a login with ADMIN_PASSWORD. */
  readonly operatorId?: string | null
}

/** A command, with the system user who runs it. */
export const COMMAND_LINE: Actor = { who: `command line (${systemUserName()})`, address: null }

/** The program itself, when it follows rules that an operator set. */
export const PROGRAM: Actor = { who: 'paperround', address: null }
