import { FaultLinks, type FormError } from '../../layout/controls.tsx'

/** Lists the faults of a rejected form, with links to the fields. `outcome` says first what was not done. */
export function FormFaults({ faults, outcome }: { readonly faults: readonly FormError[]; readonly outcome: string }) {
  if (faults.length === 0) return null
  return (
    <div className="message bad" role="alert">
      <p>
        <b>{outcome}</b> Please correct:
      </p>
      <FaultLinks faults={faults} />
    </div>
  )
}
