/** The operator who acts: a session’s short name and network address, or the command line. */
export interface Actor {
  readonly who: string
  readonly address: string | null
}

export const COMMAND_LINE: Actor = { who: 'command line', address: null }

/** The program itself, when it follows rules that an operator set. */
export const PROGRAM: Actor = { who: 'paperround', address: null }
