import { SEED_CHARS_MAX, SEED_FAULTS_SHOWN_MAX } from '../../../config/limits-subscriptions.ts'
import type { Proposals } from '../../subscriptions/seeds/propose.ts'

/** The form for a list of own works. It posts to the page that shows it. */
export function SeedForm({ works }: { readonly works: string }) {
  return (
    <form method="post" encType="multipart/form-data" className="panel stack">
      <div className="field">
        <label htmlFor="works">Your papers</label>
        <textarea id="works" name="works" rows={6} dir="auto" defaultValue={works} aria-describedby="works-hint" />
        <p className="hint" id="works-hint">
          arXiv ids, addresses or titles, one per line; or the content of a BibTeX file.
        </p>
      </div>
      <div className="field">
        <label htmlFor="file">Or a file</label>
        <input type="file" id="file" name="file" accept=".bib,.json,.txt" aria-describedby="file-hint" />
        <p className="hint" id="file-hint">
          BibTeX, such as the export of your works on ORCID, or ORCID’s JSON. At most {SEED_CHARS_MAX / 1024} KB. The
          list is read here and not stored, and no other site is asked.
        </p>
      </div>
      <div>
        <button type="submit">Propose interests</button>
      </div>
    </form>
  )
}

/** Says what was read, and names what was not. */
export function SeedReport({ proposals }: { readonly proposals: Proposals }) {
  const { works, papers, interests, faults } = proposals
  const rest = faults.length - SEED_FAULTS_SHOWN_MAX
  return (
    <>
      {works === 0 ? null : (
        <p className="lead" role="status">
          {works === 1 ? '1 work was read' : `${works} works were read`}
          {papers.length === 0 ? '' : `, of which ${papers.length} ${papers.length === 1 ? 'is' : 'are'} known here`}.{' '}
          {interests.length === 0 ? 'No interest follows from them.' : 'Nothing is saved until you choose.'}
        </p>
      )}
      {faults.length === 0 ? null : (
        <div className="message" role="alert">
          <ul>
            {faults.slice(0, SEED_FAULTS_SHOWN_MAX).map((fault) => (
              <li key={fault} dir="auto">
                {fault}
              </li>
            ))}
            {rest > 0 ? <li>{rest} more.</li> : null}
          </ul>
        </div>
      )}
    </>
  )
}

/** Boxes with the proposed interests. None is ticked. */
export function ProposedInterests({ interests }: { readonly interests: readonly string[] }) {
  return interests.length === 0 ? null : (
    <fieldset className="proposals">
      <legend>Interests</legend>
      {interests.map((interest) => (
        <label className="choice" key={interest}>
          <input type="checkbox" name="interests" value={interest} />
          <span dir="auto">{interest}</span>
        </label>
      ))}
    </fieldset>
  )
}
