import { say } from '../../language/language.ts'

/** Returns the label of a link of a paper in the language of the readers. */
export function linkWords(label: string): string {
  if (label === 'Paper') return say('link.paper')
  if (label === 'Code') return say('link.code')
  return label === 'Project' ? say('link.project') : label
}
