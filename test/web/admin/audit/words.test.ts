import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { SENDING_STATES } from '../../../../src/domain/edition.ts'
import { SUBSCRIBER_STATES } from '../../../../src/domain/subscriber.ts'
import { PACKAGE_ROOT } from '../../../../src/platform/paths.ts'
import { ACTION_WORDS, changesOf, wordsOf } from '../../../../src/web/admin/audit/words.ts'

/** The values that the variable parts of names can have. */
const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  'edition.${move.to}': SENDING_STATES,
  'edition.${to}': SENDING_STATES,
  'subscriber.${move.to}': SUBSCRIBER_STATES,
  'edition.canary-${verdict}': ['passed', 'stopped'],
}

/** Returns the names of all actions that the source records, and the variable names that VARIANTS does not know. */
function actionsOfSource(): { readonly names: Set<string>; readonly unknown: string[] } {
  const names = new Set<string>()
  const unknown: string[] = []
  const subjects = new Set(Object.keys(ACTION_WORDS).map((name) => name.split('.')[0]))
  for (const folder of ['src', 'workers']) {
    for (const file of readdirSync(join(PACKAGE_ROOT, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(file) || file.endsWith('audit/words.ts')) continue
      const source = readFileSync(join(PACKAGE_ROOT, folder, file), 'utf8')
      for (const [, name = ''] of source.matchAll(/\baction: '([a-z-]+\.[a-z-]+)'/g)) names.add(name)
      for (const [, name = ''] of source.matchAll(/\baction: `([a-z-]+\.[^`]+)`/g)) {
        const variants = VARIANTS[name]
        if (variants === undefined) unknown.push(`${file}: ${name}`)
        for (const each of variants ?? []) names.add(name.replace(/\$\{.*\}/, each))
      }
      // Names that are chosen first, such as `const action = disabled ? 'operator.disabled' : 'operator.enabled'`.
      if (!source.includes('recordAction')) continue
      for (const [, name = '', subject = ''] of source.matchAll(/[?:=] '(([a-z-]+)\.[a-z-]+)'/g))
        if (subjects.has(subject)) names.add(name)
    }
  }
  return { names, unknown }
}

describe('the words of the audit log', () => {
  it('exist for every action that the program records, and for no other', () => {
    const { names, unknown } = actionsOfSource()
    expect(unknown).toEqual([])
    expect([...names].filter((name) => ACTION_WORDS[name] === undefined)).toEqual([])
    expect(Object.keys(ACTION_WORDS).filter((name) => !names.has(name))).toEqual([])
    expect(names.size).toBeGreaterThan(35)
  })

  it('name the values', () => {
    const named = { operator: '7', name: 'Bob' }
    const change = { before: { ...named, role: 'viewer' }, after: { ...named, role: 'editor' } }
    expect(wordsOf({ action: 'operator.role-changed', ...change })).toBe(
      'changed the role of Bob from viewer to editor',
    )
    expect(changesOf(change)).toEqual(['operator: 7', 'name: Bob', 'role: viewer → editor'])
    expect(wordsOf({ action: 'suppression.lifted', before: null, after: null })).toBe(
      'lifted the suppression of the address ?…',
    )
  })

  it('are the action’s own name if an older program knew one that is gone', () => {
    expect(wordsOf({ action: 'thing.done', before: null, after: { a: [1, 2] } })).toBe('thing.done')
    expect(changesOf({ before: null, after: { a: [1, 2], b: null } })).toEqual(['a: [1,2]', 'b: null'])
  })
})
