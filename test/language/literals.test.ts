import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { parseSync } from '@swc/core'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'

/** Folders whose texts readers see. `/admin`, the command line, the outbox page and the preview are English. */
const ROOMS = [
  'src/web/public',
  'src/web/subscriber',
  'src/web/layout',
  'src/web/requests',
  'src/web/own-papers',
  'src/web/assets',
  'src/subscriptions',
  'src/pipeline/compose',
  'src/rendering',
  'src/domain',
  'templates',
]

/** Files whose English texts no reader sees, each with the reason. */
const NOT_FOR_READERS: readonly (readonly [RegExp, string])[] = [
  [/^src\/web\/assets\/admin/, '/admin'],
  [/^src\/domain\/(segments|operator|actor)\b/, '/admin'],
  [/^src\/web\/layout\/chart\.tsx$/, 'the figures of its charts are in /admin; readers see only its plot'],
  [/^src\/subscriptions\/csv\//, 'imports, in /admin and on the command line'],
  [/^src\/domain\/topics\/category-names\.ts$/, 'the names of arXiv'],
  [/^src\/domain\/consent\.ts$/, 'the version of a consent is its English text'],
  [/^src\/rendering\/(mjml-tags|own-templates\/.+)\.ts$/, 'faults of templates, for operators'],
  [/^src\/rendering\/digest\/key-sentence\//, 'words of abstracts, which are English'],
]

/** Names, examples of queries, and values that programs read. */
const NO_TEXTS = new Set([
  ...['BibTeX', 'HTML', 'PDF', 'UTC', 'arXiv', 'Hugging Face', 'name@example.org', 'agents, sparse retrieval'],
  ...['this or that', 'author:"Ada Lovelace"', 'org:"University of Oxford"', 'keyword:"diffusion models"'],
  ...['16px solid', "'Segoe UI',Helvetica,Arial,sans-serif", 'quiet add'],
  ...['light dark', 'noopener nofollow', 'noindex, nofollow', 'from edge to edge', 'in the middle'],
  // MJML says the same word in every language.
  ...['email'],
])

const SPOKEN = [
  'alt',
  'title',
  'placeholder',
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'label',
  'heading',
  'words',
  'text',
]
/** Calls whose texts are for programs, logs or operators. */
const UNSEEN_CALL = /Error$|^(?:log|trace|debug|info|warn|error|fatal|say|sayWith|sayHtml|header|type)$/
const UNSEEN_NODE =
  /^(?:ImportDeclaration|Export(?:All|Named)Declaration|Ts(?!As|Const|NonNull|Satisfies).+|ThrowStatement|TaggedTemplateExpression)$/

interface Node {
  readonly type?: string
  readonly [key: string]: unknown
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null
const wordOf = (node: unknown): string => {
  if (!isNode(node)) return ''
  return typeof node.value === 'string' ? node.value : wordOf(node.property) || wordOf(node.name)
}
const hasWord = (text: string) => /\p{L}{2}/u.test(text)

/** Returns the texts of a program that look like English for readers and are not in a catalogue. */
function textsIn(source: string, file: string): string[] {
  const program = parseSync(source, { syntax: 'typescript', tsx: file.endsWith('x'), target: 'es2022' })
  const found: string[] = []
  /** @param isShown whether the value is shown as it is, so that one word is a text. */
  const visit = (node: unknown, isShown = false): void => {
    if (Array.isArray(node)) {
      for (const each of node) visit(each, isShown)
      return
    }
    if (!isNode(node)) return
    const { type = '' } = node
    if (UNSEEN_NODE.test(type)) return
    if (/^(?:Call|New)Expression$/.test(type) && UNSEEN_CALL.test(wordOf(node.callee))) return
    if (type === 'JSXText' || type === 'StringLiteral' || type === 'TemplateElement') {
      const text = String(type === 'TemplateElement' ? node.cooked : node.value).replace(/\s+/g, ' ')
      if ((isShown || type === 'JSXText' ? hasWord : isSentence)(text) && !NO_TEXTS.has(text.trim()))
        found.push(text.trim())
      return
    }
    if (type === 'JSXAttribute') {
      if (SPOKEN.includes(wordOf(node.name))) visit(node.value, true)
      else if (!['className', 'style', 'content'].includes(wordOf(node.name))) visit(node.value)
      return
    }
    if (type === 'ConditionalExpression') {
      visit(node.test)
      visit([node.consequent, node.alternate], isShown)
      return
    }
    if (type === 'KeyValueProperty') {
      visit(node.value, SPOKEN.includes(wordOf(node.key)))
      return
    }
    const shows = type === 'JSXElement' || type === 'JSXFragment'
    const keeps = isShown && /^(?:JSXExpressionContainer|ParenthesisExpression|TemplateLiteral|Ts\w+)$/.test(type)
    for (const [key, value] of Object.entries(node))
      if (!/^(?:span|typeAnnotation|typeParams|typeArguments)$/.test(key))
        visit(value, (shows && key === 'children') || keeps)
  }
  visit(program.body)
  return found
}

/** Returns whether a text has two words that follow each other, and is no markup, style or media type. */
function isSentence(text: string): boolean {
  if (/charset=|font-family|[{}[\]]|^\.|^\(/.test(text)) return false
  return /\p{L}{2,}[,:;]? \p{L}+/u.test(text.replace(/<[^>]*>?|[\w-]+="[^"]*"?|^[^<]*">/g, '.'))
}

/** Returns the words of an MJML or text template outside of tags and marks of Handlebars. */
function wordsOfTemplate(source: string): string[] {
  const bare = source.replace(/\{\{.*?\}\}\}?/gs, '').replace(/<(mj-style|style)\b.*?<\/\1>|<[^>]*>|&\w+;/gs, '\n')
  return bare.split('\n').filter(hasWord)
}

const FILES = ROOMS.flatMap((room) =>
  readdirSync(join(PACKAGE_ROOT, room), { recursive: true, encoding: 'utf8' }).map((name) => `${room}/${name}`),
).filter((file) => !NOT_FOR_READERS.some(([files]) => files.test(file)))

it('pages and mails say nothing that is not in the catalogue of texts', () => {
  const read = (file: string) => readFileSync(join(PACKAGE_ROOT, file), 'utf8')
  const found = FILES.flatMap((file) => {
    if (/\.[jt]sx?$/.test(file)) return textsIn(read(file), file).map((text) => `${file}: ${text}`)
    return /\.(?:mjml|txt)$/.test(file) ? wordsOfTemplate(read(file)).map((text) => `${file}: ${text.trim()}`) : []
  })
  expect(found).toEqual([])
})

it.each([
  ['a text of an element', 'const a = <p>Saved</p>', 'Saved'],
  ['one word in braces', "const a = <p>{isSaved ? 'Saved' : null}</p>", 'Saved'],
  ['an attribute that is read aloud', 'const a = <img alt="A picture" />', 'A picture'],
  ['an attribute that is made', `const a = <p title={\`Paper \${n}\`} />`, 'Paper'],
  ['the label of a choice', "const CHOICES = [{ id: 'a', label: 'Votes' }] as const", 'Votes'],
  ['a sentence in a value', "const a = { reason: 'The link has expired.' }", 'The link has expired.'],
])('the search for such texts finds %s', (_, source, text) => {
  expect(textsIn(source, 'a.tsx')).toEqual([text])
})

it('the search for such texts finds those of an MJML template', () => {
  expect(wordsOfTemplate('<mj-text>{{say "a.b"}} or save it</mj-text>')).toEqual([' or save it'])
})
