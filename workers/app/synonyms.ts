import type { Config } from '../../config/config.ts'
import { bundledSynonymLines, createSynonyms, type Synonyms } from '../../src/ranking/words/synonyms.ts'

/** Returns the synonyms of this installation. Its own come first, because an interest has a limited number of forms. */
export function synonymsOf(config: Pick<Config, 'synonyms'>): Synonyms {
  return createSynonyms([...config.synonyms, ...bundledSynonymLines()])
}
