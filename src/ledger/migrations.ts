import type { Migration } from 'kysely'
import { up as dailyRound } from './migrations/0001-daily-round.ts'
import { up as search } from './migrations/0002-search.ts'
import { up as joining } from './migrations/0003-joining.ts'
import { up as preferences } from './migrations/0004-preferences.ts'
import { up as providerEvents } from './migrations/0005-provider-events.ts'
import { up as operators } from './migrations/0006-operators.ts'
import { up as warmUp } from './migrations/0007-warm-up.ts'
import { up as ranking } from './migrations/0008-ranking.ts'
import { up as growth } from './migrations/0009-growth.ts'
import { up as learning } from './migrations/0010-learning.ts'
import { up as hours } from './migrations/0011-hours.ts'
import { up as scorecard } from './migrations/0012-scorecard.ts'
import { up as leftOut } from './migrations/0013-left-out.ts'
import { up as pauseKinds } from './migrations/0014-pause-kinds.ts'
import { up as sendProtocol } from './migrations/0015-send-protocol.ts'
import { up as softBounces } from './migrations/0016-soft-bounces.ts'
import { up as lists } from './migrations/0017-lists.ts'
import { up as openedToAll } from './migrations/0018-opened-to-all.ts'
import { up as linkGenerations } from './migrations/0019-link-generations.ts'
import { up as erasure } from './migrations/0020-erasure.ts'
import { up as signUpLimits } from './migrations/0021-sign-up-limits.ts'
import { up as abuseLimits } from './migrations/0022-abuse-limits.ts'

/** Every migration, oldest first. They are only ever added to: see CONTRIBUTING.md. */
export const MIGRATIONS: Record<string, Migration> = {
  '0001-daily-round': { up: dailyRound },
  '0002-search': { up: search },
  '0003-joining': { up: joining },
  '0004-preferences': { up: preferences },
  '0005-provider-events': { up: providerEvents },
  '0006-operators': { up: operators },
  '0007-warm-up': { up: warmUp },
  '0008-ranking': { up: ranking },
  '0009-growth': { up: growth },
  '0010-learning': { up: learning },
  '0011-hours': { up: hours },
  '0012-scorecard': { up: scorecard },
  '0013-left-out': { up: leftOut },
  '0014-pause-kinds': { up: pauseKinds },
  '0015-send-protocol': { up: sendProtocol },
  '0017-lists': { up: lists },
  '0016-soft-bounces': { up: softBounces },
  '0018-opened-to-all': { up: openedToAll },
  '0019-link-generations': { up: linkGenerations },
  '0020-erasure': { up: erasure },
  '0021-sign-up-limits': { up: signUpLimits },
  '0022-abuse-limits': { up: abuseLimits },
}
