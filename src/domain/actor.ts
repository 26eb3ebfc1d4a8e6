/** Who acts: the short name of a session with its network address, or the command line. */
export interface Actor {
  readonly who: string
  readonly address: string | null
}

export const COMMAND_LINE: Actor = { who: 'command line', address: null }

/** What the program does by rules that an operator set. */
export const PROGRAM: Actor = { who: 'paperround', address: null }
