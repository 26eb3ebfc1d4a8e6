import { canonicalId } from '../../../domain/paper.ts'

/** The parameters of {@link PAPER_PATHS}. */
export interface PaperParams {
  readonly id: string
  readonly archive?: string
}

/** The paths of a paper, of which an old arXiv id has two segments: `/paper/cs/0101001`. */
export const PAPER_PATHS = ['/paper/:id', '/paper/:archive/:id'] as const

/** Returns the id in a path, or null if it is none. */
export function idIn({ archive, id }: PaperParams): string | null {
  return canonicalId(archive === undefined ? id : `${archive}/${id}`)
}
