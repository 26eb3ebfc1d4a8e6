import { createTokens, type Tokens } from './tokens.ts'

/**
 * Returns the tokens of digests that an operator looks at or sends as a test. They have the form of real tokens and a key of
 * their own, so their links change nothing, and an operator never holds a subscriber's working links. The key is derived
 * from the secret, so every process knows it, and the website can say what such a link is.
 */
export function createViewTokens(tokens: Pick<Tokens, 'hashAddress'>): Tokens {
  // An address contains an @, so this is the hash of no address.
  return createTokens([tokens.hashAddress('links of digests that operators look at')])
}
