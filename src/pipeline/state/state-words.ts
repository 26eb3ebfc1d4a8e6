import { PUBLISH_RETRY_MS } from '../../../config/limits.ts'
import { isOverEverywhere, overEverywhereAt } from '../../domain/day.ts'
import { describeWaiting, timeOf } from '../alerts/waiting.ts'
import type { SendState } from './send-state.ts'

type Of<K extends SendState['kind']> = Extract<SendState, { readonly kind: K }>

/** The name of a state, and what an operator should know about it in one or two sentences. */
export interface StateWords {
  readonly name: string
  readonly text: string
}

/**
 * Returns a state in words. They are the only words for it: the commands, the admin pages, the alerts and the runbook have
 * them from here. `now` decides how times are written. Commands are between backticks.
 */
export function wordsOf(state: SendState, now: Date): StateWords {
  switch (state.kind) {
    case 'not-published':
      return {
        name: 'not published',
        text: `There is no edition of ${state.day} yet, and no source was asked for its papers. Publish it with \`paperround publish --date ${state.day}\`.`,
      }
    case 'collecting':
      return { name: 'collecting papers', text: collecting(state, now) }
    case 'no-papers':
      return {
        name: 'no papers',
        text: `The reason: ${withoutStop(whyEmpty(state.reason))}. Daily subscribers get no mail for this day.`,
      }
    case 'waits-for-approval':
      return { name: 'waits for approval', text: approval(state, now) }
    case 'canary':
      return { name: 'canary', text: canary(state, now) }
    case 'sending':
      return { name: 'sending', text: sending(state) }
    case 'paused':
      return { name: 'paused', text: paused(state, now) }
    case 'held-by-provider':
      return { name: 'held by the provider', text: held(state, now) }
    case 'waits-for-hours':
      return { name: 'waits for delivery hours', text: hours(state, now) }
    case 'finished':
      return { name: hasFailures(state) ? 'finished with failures' : 'finished', text: finished(state) }
    case 'cancelled':
      return { name: 'cancelled', text: cancelled(state, now) }
  }
}

/** Returns a state as one line, such as `2026-11-24: finished. Everybody who was due has it: 401 digests.` */
export function describeState(state: SendState, now: Date): string {
  const { name, text } = wordsOf(state, now)
  return `${state.day}: ${name}. ${text}`
}

/** Returns whether a finished edition did not reach everybody who was due. */
export function hasFailures({ rejected, unconfirmed, bounced }: Of<'finished'>): boolean {
  return rejected + unconfirmed + bounced > 0
}

const EMPTY_WORDS: Readonly<Record<string, string>> = {
  weekend: 'it is a weekend, and lists are published on working days',
  holiday: 'the list is empty, as on a holiday',
}

/** Returns why an edition is empty: `weekend` and `holiday` as a sentence, other reasons in the words of the sources. */
export function whyEmpty(reason: string): string {
  return EMPTY_WORDS[reason] ?? reason
}

function collecting({ day, since, askedAt, reason }: Of<'collecting'>, now: Date): string {
  const at = (moment: Date) => timeOn(moment, day)
  const asked = `The edition of ${day} does not exist yet (${withoutStop(reason)}). Its papers are awaited since ${at(since)}, and its list was last requested at ${at(askedAt)}`
  if (isOverEverywhere(day, now)) return `${asked}; the day is over.`
  const next = new Date(askedAt.getTime() + PUBLISH_RETRY_MS)
  const when =
    now.getTime() - next.getTime() > PUBLISH_RETRY_MS
      ? 'The next request is late: are a scheduler and a worker running?'
      : `It is requested again at ${at(next)}, and then every ${PUBLISH_RETRY_MS / 60_000} minutes until ${at(overEverywhereAt(day))}.`
  return `${asked}. ${when}`
}

function approval({ day, people, approveBy }: Of<'waits-for-approval'>, now: Date): string {
  const how = `Approve it at /admin, or with \`paperround approve --date ${day}\`.`
  if (people === null) return `Nothing is sent before that. ${how}`
  if (people === 0) return `Nobody would get it now: no subscriber is due, or the day is over for all of them. ${how}`
  const who = `${people === 1 ? '1 subscriber gets' : `${grouped(people)} subscribers get`} it after that. ${how}`
  // On a day without a list, subscribers get the last edition. Its own day is over.
  return approveBy === null
    ? who
    : `${who} Approve it by ${timeOf(approveBy, now)}: then the day ends for the first of them.`
}

function canary(state: Of<'canary'>, now: Date): string {
  const others = state.heldBack === null ? 'The others' : count(state.heldBack, 'other', 'others')
  const limits = `at most ${state.bouncePercentMax} % bounced and at most ${state.complaintPercentMax} % brought complaints`
  if (state.verdict === 'sending')
    return `${state.percent} % of the subscribers get it first: ${grouped(state.sent)} of ${count(state.total, 'digest')} sent. ${others} ${isAre(state.heldBack)} held back, and follow if ${limits}.`
  const results = `${count(state.bounced, 'bounce')}, ${count(state.complained, 'complaint')}`
  const until = state.until === null || state.until <= now ? 'now' : timeOf(state.until, now)
  return `The first ${state.percent} % have it: ${count(state.sent, 'digest')} sent, ${results} so far. ${others} ${isAre(state.heldBack)} held back until ${until}, and follow if ${limits}.`
}

function sending({ done, total, due, perSecond }: Of<'sending'>): string {
  const rate =
    perSecond === 0 ? '' : `, ${perSecond < 10 ? perSecond.toFixed(1) : grouped(Math.round(perSecond))} a second`
  const more =
    due === 0 ? '' : ` ${due === 1 ? '1 more subscriber is' : `${grouped(due)} more subscribers are`} due now.`
  return `${doneOf(done, total)}${rate}.${more}`
}

function doneOf(done: number, total: number): string {
  return `${grouped(done)} of ${total === 1 ? '1 digest is done' : `${grouped(total)} digests are done`}`
}

function paused(state: Of<'paused'>, now: Date): string {
  const { day, by, since, open } = state
  const when = since === null ? '' : ` at ${timeOf(since, now)}`
  const waits = open === 0 ? '' : ` ${count(open, 'digest')} ${open === 1 ? 'waits' : 'wait'}.`
  if (state.reason === 'canary')
    return `The canary stopped it${when}: ${count(state.bounced, 'bounce')}, ${count(state.complained, 'complaint')}.${waits} \`paperround resume --date ${day}\` sends it to the others anyway.`
  return `Paused by ${by ?? 'an operator'}${when}. Sends in progress finish, and no new ones start.${waits} Continue it with \`paperround resume --date ${day}\`.`
}

function held({ waiting, done, total }: Of<'held-by-provider'>, now: Date): string {
  return `${doneOf(done, total)}, and all others wait. ${describeWaiting(waiting, now)}`
}

function hours({ nextAt, next, later, sent, ...bad }: Of<'waits-for-hours'>, now: Date): string {
  const all =
    later === 1
      ? '1 subscriber waits for the delivery hour'
      : `${grouped(later)} subscribers wait for their delivery hour`
  const first = next === later ? 'It comes' : `For the first ${grouped(next)} it comes`
  const before = sent === 0 ? 'Nothing is sent yet' : `${count(sent, 'digest')} ${sent === 1 ? 'is' : 'are'} sent`
  return `${before}${failures(bad)}. ${all}. ${first} at ${timeOf(nextAt, now)}.`
}

function finished(state: Of<'finished'>): string {
  const { total, sent, skipped, postponed } = state
  const late =
    postponed === 0
      ? ''
      : ` ${postponed === 1 ? '1 subscriber was' : `${grouped(postponed)} subscribers were`} postponed by the warm-up limit.`
  if (total === 0) return `No subscriber was due.${late}`
  const left = skipped === 0 ? '' : `, ${grouped(skipped)} skipped`
  if (hasFailures(state)) {
    const back = state.bounced === 0 ? '' : `, ${grouped(state.bounced)} bounced`
    return `${grouped(sent)} of ${count(total, 'digest')} sent${back}${failures(state)}${left}. Not everybody has it.${late}`
  }
  if (skipped + postponed > 0) return `${grouped(sent)} of ${count(total, 'digest')} sent${left}.${late}`
  return `Everybody who was due has it: ${count(sent, 'digest')}.`
}

function cancelled({ by, since, sent, skipped }: Of<'cancelled'>, now: Date): string {
  const when = since === null ? '' : ` at ${timeOf(since, now)}`
  return `Cancelled by ${by ?? 'an operator'}${when}, permanently. ${count(sent, 'digest')} sent, ${grouped(skipped)} skipped.`
}

function failures({ rejected, unconfirmed }: { readonly rejected: number; readonly unconfirmed: number }): string {
  return `${rejected === 0 ? '' : `, ${grouped(rejected)} rejected`}${unconfirmed === 0 ? '' : `, ${grouped(unconfirmed)} unconfirmed`}`
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`
}

function isAre(number: number | null): string {
  return number === 1 ? 'is' : 'are'
}

function grouped(number: number): string {
  return number.toLocaleString('en-GB')
}

/** `10:20 UTC`, preceded by the date if it is not `day`. */
function timeOn(at: Date, day: string): string {
  const iso = at.toISOString()
  return `${iso.slice(0, 10) === day ? '' : `${iso.slice(0, 10)} `}${iso.slice(11, 16)} UTC`
}

function withoutStop(text: string): string {
  return text.replace(/[.\s]+$/, '')
}
