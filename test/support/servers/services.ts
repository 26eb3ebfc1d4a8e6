/** The servers that CI starts. Without them, their tests are reported as skipped. */
export const TEST_DATABASE_URL = process.env.TEST_DATABASE_URL ?? null
export const TEST_REDIS_URL = process.env.TEST_REDIS_URL ?? null

if (process.env.PAPERROUND_REQUIRE_ALL === '1' && (TEST_DATABASE_URL === null || TEST_REDIS_URL === null)) {
  throw new Error('PAPERROUND_REQUIRE_ALL is set, but TEST_DATABASE_URL or TEST_REDIS_URL is missing')
}
