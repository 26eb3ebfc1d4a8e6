/** A web address, or a host with a path. */
const ADDRESS =
  /\b(?:https?:\/\/|www\.)[^\s)\]}>,;]+|\b(?:[\w-]+\.)+(?:com|org|io|ai|net|edu|co|dev|app|site|page)\/[^\s)\]}>,;]*|\b[\w-]+\.github\.io\b/giu

/** Things that authors publish beside their paper. */
const THINGS =
  'code(?:s|base)?|implementations?|weights|checkpoints|models?|data(?: ?sets?)?|demos?|videos?|resources?|scripts|(?:supplementary )?materials?|repositor(?:y|ies)|tool(?:kit|box)s?|websites?|web ?pages?|home ?pages?|(?:project )?pages?|results|benchmarks?|leaderboards?'
/** `Code:`, `Project page:`, `Website and demo:`. */
const LABEL = new RegExp(
  `^(?:(?:our|the|source|project|github|hugging ?face|live|online|interactive) )*(?:project|github|${THINGS})(?: (?:page|site|website|repository|link|demo))?(?:(?:,| and| &|/) ?(?:the )?(?:${THINGS}))* ?[:：]`,
  'iu',
)
/** `Our code and data are publicly available …`. */
const AVAILABLE = new RegExp(
  `^(?:(?:to|in) [^,]{3,140}, )?(?:\\W|(?:all|our|the|both|its|this|these|full|source|complete|project|training|evaluation|inference|pre-?trained|model|relevant|related|associated|corresponding|and|of|for) )*(?:${THINGS})\\b[^.;]{0,80}?\\b(?:is|are|was|were|be|been) (?:\\w+ ){0,4}?(?:available|released|open[- ]?sourced|accessible|found|public)\\b`,
  'iu',
)
/** `We release our code …`. */
const RELEASED =
  /^(?:\w[^,]{2,140}, )?we (?:\w+ ){0,3}?(?:release|open[- ]?source|share|make|provide|publish)\b[^.]{0,80}\b(?:code(?:base)?|weights|checkpoints|implementation)\b/iu
/** With an address: where something can be had or seen. */
const AT_ADDRESS = new RegExp(
  `\\b(?:${THINGS}|available|releas(?:e|ed|ing)|open[- ]?sourc(?:e|ed|ing)|visit|found|see|accessible|github)\\b`,
  'iu',
)
const INTRODUCED = /\b(?:introduc|propos|present|develop|design|describ)(?:e|es|ed|ing|s)?\b/iu

/** Returns whether a sentence only says where to find the code, the data or a page. It says nothing about the subject of the work. */
export function saysWhereToFind(sentence: string): boolean {
  if (LABEL.test(sentence) || AVAILABLE.test(sentence) || RELEASED.test(sentence)) return true
  return sentence.search(ADDRESS) >= 0 && AT_ADDRESS.test(sentence.replace(ADDRESS, ' ')) && !INTRODUCED.test(sentence)
}

/** Returns a text without its web addresses. */
export function withoutWebAddresses(text: string): string {
  return text.replace(ADDRESS, ' ')
}
