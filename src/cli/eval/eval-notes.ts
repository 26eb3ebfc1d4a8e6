import type { EvaluatedDays, Figures } from '../../ranking/eval/evaluate.ts'
import type { Inputs } from '../../ranking/eval/inputs.ts'
import { AGE_RANKERS } from '../../ranking/eval/rankers.ts'
import type { Measured } from '../../ranking/eval/statistics.ts'

/** Returns what is missing in the input, in sentences for the operator. A part without figures says why it has none. */
export function notesOn({
  inputs,
  withinDay,
  weekly,
  interests,
  learning,
  people,
  stars,
}: EvaluatedDays & Partial<Figures>): string[] {
  const { ages, unmovedDays, keywords } = inputs
  const notes: string[] = []
  if (withinDay !== undefined && ages.assumed > 0)
    notes.push(
      `Ages are assumed for ${ages.assumed} of ${ages.known + ages.assumed} papers: hf-daily-observed-at.csv has no time of day for their list, or the list does not say when they were added.`,
    )
  if (withinDay !== undefined && unmovedDays > 0)
    notes.push(
      `${unmovedDays} days are not scored within the day: their votes in hf-daily-next-day.csv are those of the morning, so truth and ranking would be the same numbers.`,
    )
  if (isEmpty(weekly?.independent['10']?.recall10))
    notes.push(
      'Weeks are not measured against Hugging Face’s page of the week: hf-weekly.csv is missing, or has no week with four lists and one on the Monday after.',
    )
  if (isEmpty(interests?.concepts.votes?.recall10) || isEmpty(learning?.['1']?.recall10))
    notes.push(
      keywords.known === 0
        ? 'There are no simulated readers: no paper has keywords (ai_keywords).'
        : `There are too few papers for simulated readers: ${keywords.known} have keywords (ai_keywords), ${keywords.missing} have none.`,
    )
  else if (interests !== undefined && keywords.missing > keywords.known)
    notes.push(
      `Simulated readers say little: ${keywords.missing} of ${keywords.known + keywords.missing} papers have no keywords (ai_keywords), so nobody wants them.`,
    )
  if (people !== undefined) notes.push(...notesOnPeople(people, inputs))
  if (isEmpty(stars?.beyondVotes))
    notes.push(
      stars?.readings === 0
        ? 'Stars are not measured: github-stars.csv is missing. `paperround stars --export` writes it after some weeks with GITHUB_TOKEN.'
        : 'Stars are not measured: no morning has ten papers of a list of the week whose growth and votes on the Monday after (hf-weekly.csv) are known.',
    )
  return notes
}

function notesOnPeople({ authors, submitters }: Figures['people'], { people }: Inputs): string[] {
  if (people.archivePapers === 0)
    return ['There are no people: hf-daily/ has no list before the first measured day, so nobody has likes.']
  const few = `nobody with 5 to 60 of the ${people.archivePapers} papers before the first measured day has one later`
  return [
    ...(isEmpty(authors['1']?.ours)
      ? [`There are no authors: ${few}. ${people.withAuthors} of ${people.papers} papers name an author.`]
      : []),
    ...(isEmpty(submitters['1']?.ours)
      ? [`There are no submitters: ${few}. ${people.withSubmitter} of ${people.papers} papers name a submitter.`]
      : []),
  ]
}

function isEmpty(figure: Measured | undefined): boolean {
  return figure?.count === 0
}

/** Returns the remark on a baseline that divides by ages of which some are assumed. */
export function weakBaseline(name: string, { ages }: Inputs): string {
  if (ages.assumed === 0 || !AGE_RANKERS.includes(name)) return ''
  return `ages are assumed for ${ages.assumed} of ${ages.known + ages.assumed} papers; this baseline says little`
}
