import type { Day } from '../../src/domain/day.ts'
import type { PendingDelivery, SendDecision } from '../../src/domain/parcel.ts'
import type { Composer } from '../../src/pipeline/compose/compose.ts'
import { messageTo } from '../support/sending/messages.ts'

const PAPERS = { first: ['p1', 'p2'], second: ['p2', 'p3'] } as const

/** Digests that are nothing but their papers: each subscriber gets what they have not had. */
export function composerOf(first: Day): Composer {
  return {
    keyId: 'k',
    open: async (day) => {
      const papers: readonly string[] = day === first ? PAPERS.first : PAPERS.second
      return {
        template: 't',
        pool: { ids: papers, since: first },
        decide: (candidates) => candidates.map((candidate) => decide(papers, candidate)),
        digest: () => {
          throw new Error('not asked for')
        },
        message: ({ frozenAt }, member) =>
          messageTo(member.address, {
            id: member.deliveryId,
            subject: member.paperIds.join(' '),
            date: frozenAt,
            html: '',
            text: '',
          }),
      }
    },
  }
}

function decide(
  papers: readonly string[],
  { deliveryId, subscriber, alreadySent: had }: PendingDelivery,
): SendDecision {
  if (subscriber === null || subscriber.suppressed || subscriber.state !== 'active')
    return { kind: 'skip', deliveryId, reason: subscriber?.state ?? 'erased' }
  const paperIds = papers.filter((id) => !had.includes(id))
  if (paperIds.length === 0) return { kind: 'skip', deliveryId, reason: 'nothing-new' }
  const choice = {
    frequency: 'daily',
    interests: [],
    featured: 1,
    matches: {},
    follows: {},
    span: 'day',
    catchUp: false,
  } as const
  return { kind: 'send', deliveryId, address: subscriber.email, paperIds, selection: choice }
}
