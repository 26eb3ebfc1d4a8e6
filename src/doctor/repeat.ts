import { DOCTOR_PAUSE_MS, DOCTOR_REPEATS_EACH_MAX, DOCTOR_REPEATS_MAX } from '../../config/limits-processes.ts'
import type { DnsResolver, Lookup } from './resolver.ts'

/** Asks again as long as `isPassing` says that the answer is a fault that may pass, such as a lost packet. */
export type Repeat = <T>(ask: () => Promise<T>, isPassing: (answer: T) => boolean) => Promise<T>

/** Creates a `Repeat` with one budget for all questions, so that `doctor` ends soon when the whole network is down. */
export function createRepeat(pause: (ms: number) => Promise<unknown>): Repeat {
  let left = DOCTOR_REPEATS_MAX
  return async (ask, isPassing) => {
    let answer = await ask()
    for (let repeats = 0; repeats < DOCTOR_REPEATS_EACH_MAX && left > 0 && isPassing(answer); repeats += 1) {
      left -= 1
      await pause(DOCTOR_PAUSE_MS * 2 ** repeats)
      answer = await ask()
    }
    return answer
  }
}

/** Returns a resolver that asks again when no server answered. “There is no such name” is an answer. */
export function repeatingResolver(dns: DnsResolver, repeat: Repeat): DnsResolver {
  const again = <T>(ask: () => Promise<Lookup<T>>) => repeat(ask, ({ kind }) => kind === 'failed')
  return {
    txt: (name) => again(() => dns.txt(name)),
    mx: (name) => again(() => dns.mx(name)),
    addresses: (name) => again(() => dns.addresses(name)),
    reverse: (address) => again(() => dns.reverse(address)),
  }
}
