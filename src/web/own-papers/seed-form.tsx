import { SEED_CHARS_MAX, SEED_FAULTS_SHOWN_MAX } from '../../../config/limits-subscriptions.ts'
import { say } from '../../language/language.ts'
import type { Proposals } from '../../subscriptions/seeds/propose.ts'

/** The form for a list of own works. It posts to the page that shows it. */
export function SeedForm({ works }: { readonly works: string }) {
  return (
    <form method="post" encType="multipart/form-data" className="panel stack">
      <div className="field">
        <label htmlFor="works">{say('seeds.yours')}</label>
        <textarea id="works" name="works" rows={6} dir="auto" defaultValue={works} aria-describedby="works-hint" />
        <p className="hint" id="works-hint">
          {say('seeds.yoursHint')}
        </p>
      </div>
      <div className="field">
        <label htmlFor="file">{say('seeds.file')}</label>
        <input type="file" id="file" name="file" accept=".bib,.json,.txt" aria-describedby="file-hint" />
        <p className="hint" id="file-hint">
          {say('seeds.fileHint', { size: SEED_CHARS_MAX / 1024 })}
        </p>
      </div>
      <div>
        <button type="submit">{say('seeds.propose')}</button>
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
          {say('seeds.read', { works, known: papers.length })}{' '}
          {interests.length === 0 ? say('seeds.noInterest') : say('seeds.choose')}
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
            {rest > 0 ? <li>{say('seeds.moreFaults', { count: rest })}</li> : null}
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
      <legend>{say('topics.interests')}</legend>
      {interests.map((interest) => (
        <label className="choice" key={interest}>
          <input type="checkbox" name="interests" value={interest} />
          <span dir="auto">{interest}</span>
        </label>
      ))}
    </fieldset>
  )
}
