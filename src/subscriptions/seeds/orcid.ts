import { SEED_WORKS_MAX } from '../../../config/limits-subscriptions.ts'
import { say } from '../../language/language.ts'
import { parseJson } from '../../sources/http/answer-bounds.ts'
import { arxivIdIn, plainTitle, type SeedList, type SeedWork } from './work.ts'

/**
 * Reads the works of an ORCID record as JSON: the answer of `/works` or of the whole record (ORCID API 3.0). Each group is one
 * work; its summaries come from several sources.
 */
export function readOrcid(text: string): SeedList {
  const parsed = parseJson(text)
  if (!parsed.ok) return { works: [], faults: [say('seeds.badJson')] }
  const { json } = parsed
  const groups =
    listAt(json, 'group') ?? listAt(json, 'works', 'group') ?? listAt(json, 'activities-summary', 'works', 'group')
  if (groups === null) return { works: [], faults: [say('seeds.notAList')] }
  const works = groups.slice(0, SEED_WORKS_MAX).flatMap((group) => workOf(group))
  const faults = groups.length > SEED_WORKS_MAX ? [say('seeds.manyWorksInRecord', { most: SEED_WORKS_MAX })] : []
  return { works, faults: works.length === 0 && faults.length === 0 ? [say('seeds.notAList')] : faults }
}

function workOf(group: unknown): SeedWork[] {
  const summaries = listAt(group, 'work-summary') ?? []
  const title = summaries.map((each) => textAt(each, 'title', 'title', 'value')).find((each) => each !== null) ?? null
  const ids = [group, ...summaries].flatMap((each) => listAt(each, 'external-ids', 'external-id') ?? [])
  const id = ids.map(idOf).find((each) => each !== null) ?? null
  const plain = title === null ? '' : plainTitle(title)
  return plain === '' && id === null ? [] : [{ id, title: plain || null, keywords: [] }]
}

function idOf(external: unknown): string | null {
  const value = textAt(external, 'external-id-value') ?? ''
  return textAt(external, 'external-id-type')?.toLowerCase() === 'arxiv' || /arxiv/i.test(value)
    ? arxivIdIn(value)
    : null
}

/** Returns the value at a path of keys, or undefined. */
function at(json: unknown, path: readonly string[]): unknown {
  let value: unknown = json
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

function listAt(json: unknown, ...path: readonly string[]): readonly unknown[] | null {
  const value = at(json, path)
  return Array.isArray(value) ? value : null
}

function textAt(json: unknown, ...path: readonly string[]): string | null {
  const value = at(json, path)
  return typeof value === 'string' ? value : null
}
