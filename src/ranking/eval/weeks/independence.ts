import { usageError } from '../../../platform/errors.ts'

/** The numbers of a file, each with a key. */
export interface Table {
  readonly name: string
  readonly numbers: ReadonlyMap<string, number>
}

/** Votes that are read days apart differ for most papers. */
const SAME_SHARE_MAX = 0.9
const COMPARED_MIN = 10

/**
 * Throws a usage error if the truth of a measurement has the same numbers as the input of what is measured. A ranking that is
 * compared with its own input is always right, so its figures would say nothing.
 */
export function refuseSameNumbers(truth: Table, input: Table): void {
  const compared = [...truth.numbers].flatMap(([key, value]) => {
    const other = input.numbers.get(key)
    return other === undefined ? [] : [value === other]
  })
  const same = compared.filter(Boolean).length
  if (compared.length < COMPARED_MIN || same / compared.length < SAME_SHARE_MAX) return
  throw usageError(
    `${truth.name} has the same votes as ${input.name} for ${same} of ${compared.length} papers. A ranking by these votes cannot be measured against them.`,
  )
}
