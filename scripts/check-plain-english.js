// Lists comment and documentation lines that are hard to read for a native speaker. Run by `npm run check`.
// Usage: node scripts/check-plain-english.js [FILE…]; without files it reads every tracked .ts, .tsx, .js, .md and .yml file.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

// A sentence needs a named subject. These openings hide it.
const OPENINGS =
  /^(Who|Whoever|Whatever|Whose|What (?!happens|it does|is new)|Of (each|every|the|two|those|what|all|most|whom|one)|As (many|much|long) |From how|By (the|this|what|these) |Nobody|Nothing|None of|So (that|much|is)|Where (there|nothing|it|a|an|the|one) |That (which|what)|Those (who|that|of)|Such |Not (done|built|there)\b)/

// Idioms and metaphors for which the field has a plain word.
const IDIOMS =
  /\b(stands? (in|for|there|as|on|behind|beside|with|under)|stood|is told|are told|told (of|as|apart|by)|taken for|takes? (it|them) for|for good|for want of|lets? (it|them|one|go)|let be|holds? (it|them|what|against|good)|held to|dear(er)?|mend(s|ed|ing)?|as it were|whose turn|speaks? (for|of|louder)|spoken for|noughts?|is worth|are worth|comes? to (nothing|the top)|in hand|hears? of|at (its|their) own|of (its|their) own accord|of then\b|of now\b|wants? (a|an|one|its|no)\b|is at it|though it be|anew|twice over|goes? without|is owed|are owed|makes? (one|good)|bears?|forsake|lest|whence|thereof|hence)\b/i

const SENTENCE_WORDS_MAX = 32

/** Files that quote such words, each with the reason. */
const QUOTING = new Map([['scripts/check-plain-english.js', 'the rule itself']])

const named = process.argv.slice(2)
const files = (
  named.length > 0
    ? named
    : execFileSync('git', ['ls-files', '*.ts', '*.tsx', '*.js', '*.md', '*.yml'], { encoding: 'utf8' }).split('\n')
).filter((file) => file !== '' && !QUOTING.has(file))

/** The prose of a file as [line number, text]: comments of code, all lines of a document outside its code blocks. */
function proseOf(text, file) {
  if (/\.(md|yml)$/.test(file)) {
    const withoutCode = text.replace(/```[\s\S]*?```/g, (code) => code.replace(/[^\n]/g, ''))
    return withoutCode.split('\n').map((line, index) => [index + 1, line.replace(/^[#>*\-|\s]+/, '')])
  }
  let inBlock = false
  return text.split('\n').flatMap((line, index) => {
    const trimmed = line.trim()
    if (inBlock || trimmed.startsWith('/*')) {
      inBlock = !trimmed.endsWith('*/')
      return [
        [
          index + 1,
          trimmed
            .replace(/^\/?\*+\/?/, '')
            .replace(/\*\/$/, '')
            .trim(),
        ],
      ]
    }
    const at = line.search(/(^|\s)\/\/ /)
    return at < 0 ? [] : [[index + 1, line.slice(at).replace(/^\s*\/\/ /, '')]]
  })
}

function faultsOf(line) {
  const sentences = line.split(/(?<=[.:;?!])\s+|\s\|\s/)
  const faults = sentences.flatMap((sentence) => [
    ...(OPENINGS.test(sentence.trim()) ? [`opens with “${sentence.trim().split(' ').slice(0, 2).join(' ')}”`] : []),
    ...(sentence.split(/\s+/).length > SENTENCE_WORDS_MAX
      ? [`more than ${SENTENCE_WORDS_MAX} words in a sentence`]
      : []),
  ])
  const idiom = IDIOMS.exec(line)
  return idiom === null ? faults : [...faults, `“${idiom[0]}”`]
}

let count = 0
for (const file of files) {
  for (const [number, line] of proseOf(readFileSync(file, 'utf8'), file)) {
    const faults = faultsOf(line)
    if (faults.length === 0) continue
    count += 1
    process.stdout.write(`${file}:${number}: ${faults.join(', ')}: ${line.slice(0, 110)}\n`)
  }
}
if (count > 0) {
  process.stdout.write(
    `${count} lines are hard to read. Name the subject, use an everyday verb, and keep sentences short (CONTRIBUTING.md).\n`,
  )
  process.exitCode = 1
}
