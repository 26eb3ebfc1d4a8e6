/** The servers that CI starts; without them the tests that need one say that they are skipped. */
export const TEST_DATABASE_URL = process.env.TEST_DATABASE_URL ?? null
export const TEST_REDIS_URL = process.env.TEST_REDIS_URL ?? null

if (process.env.PAPERROUND_REQUIRE_ALL === '1' && (TEST_DATABASE_URL === null || TEST_REDIS_URL === null)) {
  throw new Error('PAPERROUND_REQUIRE_ALL is set, but TEST_DATABASE_URL or TEST_REDIS_URL is missing')
}
