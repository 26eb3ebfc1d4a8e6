import { INBOUND_STATEMENTS_MAX } from '../../../config/limits-inbound.ts'
import type { ReplyBlame } from '../reply/blame.ts'
import { type ReplyReading, readReply } from '../reply/reply.ts'
import type { FieldGroup } from './report-fields.ts'

/** The result for one recipient of a report, or for the whole text. */
export interface BounceFinding {
  readonly result: 'failed' | 'delayed' | 'delivered'
  /** The party at fault for a failure; only `address` suppresses. */
  readonly blame: ReplyBlame
  /** The server's words and codes. */
  readonly words: string
  /** The server that refused the message, or null. */
  readonly host: string | null
}

/** Returns the finding of one recipient's fields (RFC 3464 §2.3). @param text the report's text besides its fields. */
export function findingOfGroup(group: FieldGroup, text: string): BounceFinding {
  const status = /[245]\.\d{1,3}\.\d{1,3}/.exec(group.get('status') ?? '')?.[0] ?? ''
  const diagnostic = diagnosticOf(group)
  // With 5.1.2, “host not found” is about the recipient's domain.
  const reply = readReply(status === '5.1.2' ? `${status} ${diagnostic}` : diagnostic)
  const result = resultOf(group, status, reply, text)
  const blame = result === 'failed' ? blameOf(reply, status, text) : 'unclear'
  const words = diagnostic.includes(status) ? diagnostic : `${status} ${diagnostic}`
  return { result, blame, words, host: hostOf(group.get('remote-mta') ?? '') ?? hostOf(diagnostic) }
}

/** Returns the finding of a text without fields, or null when it mentions no failure. */
export function findingOfText(text: string, subject: string): BounceFinding | null {
  const whole = `${subject}\n${text}`
  if (isDelay(subject, text)) return { result: 'delayed', blame: 'unclear', words: firstWords(text), host: null }
  const found = findStatement(text) ?? findStatement(subject)
  if (found === null && !FAILURE.test(whole)) return null
  if (found === null && SUCCESS.test(whole)) return { result: 'delivered', blame: 'unclear', words: '', host: null }
  const { blame, words } = found ?? { blame: 'unclear', words: firstWords(text) }
  return { result: 'failed', blame, words, host: hostOf(text) }
}

/** Whether a text says that the server continues to retry. */
export function isDelay(subject: string, text: string): boolean {
  if (GIVEN_UP.test(text)) return false
  return (
    DELAY.test(text) ||
    (/\bdelay(ed)?\b|still being retried|\bwarning\b/i.test(subject) && /\bdelay|\bretr|try/i.test(text))
  )
}

function resultOf(group: FieldGroup, status: string, reply: ReplyReading, text: string): BounceFinding['result'] {
  const action = /^\s*([a-z]+)/i.exec(group.get('action') ?? '')?.[1]?.toLowerCase() ?? ''
  if (action === 'delayed') return 'delayed'
  if (['delivered', 'relayed', 'expanded', 'deliverable'].includes(action)) return 'delivered'
  if (['failed', 'failure', 'expired', 'undeliverable', 'undelivered', 'bounced', 'rejected'].includes(action))
    return 'failed'
  const code = status === '' ? (reply.enhanced ?? String(reply.basic ?? '')) : status
  if (code.startsWith('2')) return 'delivered'
  return code.startsWith('4') && isDelay('', text) ? 'delayed' : 'failed'
}

/**
 * Returns the party at fault. The remote server's reply decides first, then the status code of the reporting server, then
 * the text around them. A status of class 4 never blames the address, even after days of retries.
 */
function blameOf(reply: ReplyReading, status: string, text: string): ReplyBlame {
  if (reply.blame !== 'unclear') return reply.blame
  const ofStatus = readReply(status).blame
  const found = findStatement(text)
  if (ofStatus === 'unclear')
    return status.startsWith('4') && found?.blame === 'address' ? 'server' : (found?.blame ?? 'unclear')
  // Without a diagnostic the status is a guess of the reporting server. A transcript in the text has the real reply.
  return reply.basic === null && reply.enhanced === null && found?.byCode === true ? found.blame : ofStatus
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

/** A part of a text that names the party at fault. */
interface Statement {
  readonly blame: ReplyBlame
  readonly words: string
  readonly byCode: boolean
}

const CODE = /(?<![\w.])(?:[45]\d\d(?=[\s-]|$)|[45]\.\d{1,3}\.\d{1,3}(?![\w.]))/

/** Returns the first statement in a text, replies with a code before other words. */
function findStatement(text: string): Statement | null {
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

/** Returns each line with a code, joined with the lines up to the next code, because replies may span several lines. */
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

/** Titles such as `----- The following addresses had permanent fatal errors -----`, which are the same in every report. */
const TITLE_LINE = /^[ \t]*[|]?[-=*]{2,}.*[-=*]{2,}[|]?[ \t]*$/
const FAILURE =
  /undeliver|unzustellbar|not (?:be |been )?(?:deliver|sent|relayed)|(?:could|can) ?(?:not|n['’]t) (?:be )?(?:deliver|sen[dt]|reach|accept)|unable to (?:deliver|send)|n['’]t (?:able to|be delivered|delivered)|\bfail(?:ed|ure|s)?\b|returned? (?:mail|to sender|message)|permanent|did not reach|reject|refus|bounced?\b|delivery (?:problem|error)|non-?delivery|blocked|(?<![\w.])[45]\d\d[ -]|(?<![\w.])[45]\.\d{1,3}\.\d{1,3}(?![\w.])|エラー|できません|届き|отклонен|не доставлен|не может быть/i
const SUCCESS =
  /success(?:ful|fully)? (?:delivered|delivery|relayed)|(?:was|has been|been) (?:successfully )?(?:delivered|relayed|read)\b/i
const DELAY =
  /\bhas been delayed|delivery (?:is |was |has been )?delayed|(?:message|mail) (?:is |was )?delayed|delay reason|still (?:being )?(?:re)?tr(?:y|ied)|still in (?:the|our) queue|(?:will|is|shall) (?:be )?(?:retr(?:y|ied)|tried again|keep(?:s)? (?:re)?trying|continue[sd]? (?:to )?(?:be )?(?:tr|attempt))|goes on trying|not yet (?:been )?deliver|(?:could not|not) be delivered yet|delivery attempts will continue|(?:only|just) a warning|warning message only|not need to (?:resend|send)|has been postponed/i
const GIVEN_UP =
  /failed permanently|permanent(?:ly)? (?:fatal )?(?:error|fail)|giving up|given up|gave up|not going to try|not be retried|no further attempts|could not be delivered (?:for|in|after)|returned to (?:sender|you)/i
