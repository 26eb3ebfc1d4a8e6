import { INBOUND_STATEMENTS_MAX } from '../../../config/limits.ts'
import type { ReplyBlame } from '../reply/blame.ts'
import { type ReplyReading, readReply } from '../reply/reply.ts'
import type { FieldGroup } from './report-fields.ts'

/** One statement about the delivery: of one recipient in a report, or of the whole text. */
export interface BounceFinding {
  readonly says: 'failed' | 'delayed' | 'delivered'
  /** Of a failure; only `address` suppresses. */
  readonly blame: ReplyBlame
  /** The server's own words and codes. */
  readonly words: string
  /** The server that said so, or null. */
  readonly host: string | null
}

/** The finding of one group of a delivery status (RFC 3464 §2.3). @param text what the report says besides its fields. */
export function findingOfGroup(group: FieldGroup, text: string): BounceFinding {
  const status = /[245]\.\d{1,3}\.\d{1,3}/.exec(group.get('status') ?? '')?.[0] ?? ''
  const diagnostic = diagnosticOf(group)
  // 5.1.2 is about a domain, so it tells which host is meant by “host not found”.
  const said = readReply(status === '5.1.2' ? `${status} ${diagnostic}` : diagnostic)
  const says = outcomeOf(group, status, said, text)
  const blame = says === 'failed' ? blameOf(said, status, text) : 'unclear'
  const words = diagnostic.includes(status) ? diagnostic : `${status} ${diagnostic}`
  return { says, blame, words, host: hostOf(group.get('remote-mta') ?? '') ?? hostOf(diagnostic) }
}

/** The finding of a text without fields, or null when it mentions no failure. */
export function findingOfText(text: string, subject: string): BounceFinding | null {
  const whole = `${subject}\n${text}`
  if (isDelay(subject, text)) return { says: 'delayed', blame: 'unclear', words: firstWords(text), host: null }
  const told = statedIn(text) ?? statedIn(subject)
  if (told === null && !FAILURE.test(whole)) return null
  if (told === null && SUCCESS.test(whole)) return { says: 'delivered', blame: 'unclear', words: '', host: null }
  return { says: 'failed', blame: told?.blame ?? 'unclear', words: told?.words ?? firstWords(text), host: hostOf(text) }
}

/** Whether a text says that the server goes on trying. */
export function isDelay(subject: string, text: string): boolean {
  if (GIVEN_UP.test(text)) return false
  return (
    DELAY.test(text) ||
    (/\bdelay(ed)?\b|still being retried|\bwarning\b/i.test(subject) && /\bdelay|\bretr|try/i.test(text))
  )
}

function outcomeOf(group: FieldGroup, status: string, said: ReplyReading, text: string): BounceFinding['says'] {
  const action = /^\s*([a-z]+)/i.exec(group.get('action') ?? '')?.[1]?.toLowerCase() ?? ''
  if (action === 'delayed') return 'delayed'
  if (['delivered', 'relayed', 'expanded', 'deliverable'].includes(action)) return 'delivered'
  if (['failed', 'failure', 'expired', 'undeliverable', 'undelivered', 'bounced', 'rejected'].includes(action))
    return 'failed'
  const code = status === '' ? (said.enhanced ?? String(said.basic ?? '')) : status
  if (code.startsWith('2')) return 'delivered'
  return code.startsWith('4') && isDelay('', text) ? 'delayed' : 'failed'
}

/**
 * The most specific evidence wins: what the other server said, then the code that the reporting server chose, then
 * the words around them. A reporting server that gave up after days of 4xx has found no dead address.
 */
function blameOf(said: ReplyReading, status: string, text: string): ReplyBlame {
  if (said.blame !== 'unclear') return said.blame
  const ofStatus = readReply(status).blame
  const told = statedIn(text)
  if (ofStatus === 'unclear')
    return status.startsWith('4') && told?.blame === 'address' ? 'server' : (told?.blame ?? 'unclear')
  // Without a diagnostic the code is only the reporting server's guess; the transcript in the text has the reply.
  return said.basic === null && said.enhanced === null && told?.byCode === true ? told.blame : ofStatus
}

function diagnosticOf(group: FieldGroup): string {
  const lines = ['diagnostic-code', 'x-supplementary-info', 'x-notes'].map((name) => group.get(name) ?? '')
  const comment = /\((.*)\)/.exec(group.get('status') ?? '')?.[1] ?? ''
  return [...lines, comment]
    .filter((line) => line !== '')
    .map((line) => line.replace(/^\s*(smtp|dns|x-[\w-]+)\s*;\s*/i, ''))
    .join(' ')
    .trim()
}

interface ReasonCache {
  readonly blame: ReplyBlame
  readonly words: string
  readonly byCode: boolean
}

const CODE = /(?<![\w.])(?:[45]\d\d(?=[\s-]|$)|[45]\.\d{1,3}\.\d{1,3}(?![\w.]))/

/** The first statement in a text that says who is to blame: replies with a code come before other words. */
function statedIn(text: string): ReasonCache | null {
  const blocks = text
    .split('\n')
    .filter((line) => line.length > 200 || !TITLE_LINE.test(line))
    .join('\n')
    .split(/\n[ \t]*\n/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
  for (const byCode of [true, false])
    for (const block of blocks
      .flatMap((each) => (byCode ? repliesIn(each) : [each]))
      .slice(0, INBOUND_STATEMENTS_MAX)) {
      const { blame } = readReply(block)
      if (blame !== 'unclear') return { blame, words: block, byCode }
    }
  return null
}

/** A line with a code and what follows it up to the next such line: replies are folded over several lines. */
function repliesIn(block: string): string[] {
  const replies: string[] = []
  for (const line of block.split('\n')) {
    if (CODE.test(line)) replies.push(line)
    else if (replies.length > 0) replies.push(`${replies.pop()} ${line.trim()}`)
  }
  return replies
}

/** `dns; mx.example.com`, `host mx.example.com[192.0.2.1] said`, `while talking to mx.example.com.:` */
function hostOf(text: string): string | null {
  const found = /(?:^\s*dns\s*;\s*|\bhost:? |talking to |\bserver )([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8})/i.exec(
    text,
  )?.[1]
  return found !== undefined && /\.[a-z-]{2,}$/i.test(found) ? found.toLowerCase() : null
}

function firstWords(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 200)
}

/** `----- The following addresses had permanent fatal errors -----`: the words of every report, not of this one. */
const TITLE_LINE = /^[ \t]*[|]?[-=*]{2,}.*[-=*]{2,}[|]?[ \t]*$/
const FAILURE =
  /undeliver|unzustellbar|not (?:be |been )?(?:deliver|sent|relayed)|(?:could|can) ?(?:not|n['’]t) (?:be )?(?:deliver|sen[dt]|reach|accept)|unable to (?:deliver|send)|n['’]t (?:able to|be delivered|delivered)|\bfail(?:ed|ure|s)?\b|returned? (?:mail|to sender|message)|permanent|did not reach|reject|refus|bounced?\b|delivery (?:problem|error)|non-?delivery|blocked|(?<![\w.])[45]\d\d[ -]|(?<![\w.])[45]\.\d{1,3}\.\d{1,3}(?![\w.])|エラー|できません|届き|отклонен|не доставлен|не может быть/i
const SUCCESS =
  /success(?:ful|fully)? (?:delivered|delivery|relayed)|(?:was|has been|been) (?:successfully )?(?:delivered|relayed|read)\b/i
const DELAY =
  /\bhas been delayed|delivery (?:is |was |has been )?delayed|(?:message|mail) (?:is |was )?delayed|delay reason|still (?:being )?(?:re)?tr(?:y|ied)|still in (?:the|our) queue|(?:will|is|shall) (?:be )?(?:retr(?:y|ied)|tried again|keep(?:s)? (?:re)?trying|continue[sd]? (?:to )?(?:be )?(?:tr|attempt))|goes on trying|not yet (?:been )?deliver|(?:could not|not) be delivered yet|delivery attempts will continue|(?:only|just) a warning|warning message only|not need to (?:resend|send)|has been postponed/i
const GIVEN_UP =
  /failed permanently|permanent(?:ly)? (?:fatal )?(?:error|fail)|giving up|given up|gave up|not going to try|not be retried|no further attempts|could not be delivered (?:for|in|after)|returned to (?:sender|you)/i
