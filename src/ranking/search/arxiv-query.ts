import { canonicalId, isArxivId } from '../../domain/paper.ts'

/** The text before an id: the word arXiv, or the address of a site that has papers under their arXiv ids. */
const BEFORE_ID =
  /^(?:https?:\/\/)?(?:(?:www\.|export\.|browse\.)?(?:arxiv\.org\/(?:abs|pdf|html|format|src|ps)|ar5iv\.(?:labs\.arxiv\.)?org\/(?:abs|html)|alphaxiv\.org\/(?:abs|pdf|overview)|huggingface\.co\/papers|hf\.co\/papers)\/|(?:(?:dx\.)?doi\.org\/)?(?:doi:\s*)?10\.48550\/(?=arxiv\.)|(?=arxiv))/i
const ARXIV = /^arxiv(?:\.org)?\s*[:.\s]\s*/i
const AFTER_ID = /(?:\.pdf)?\/?(?:[?#].*)?(?:\s*\[[\w.-]+\])?$/i

/**
 * Returns the arXiv id that a query consists of, without its version: `2508.06471v2`, `arXiv:2508.06471 [cs.CL]`, a DOI of arXiv, or
 * the address of the paper at arXiv or Hugging Face. Null for other queries.
 */
export function arxivIdIn(query: string): string | null {
  const bare = query
    .trim()
    .replace(/^[("“<]+|[)"”>,;.]+$/gu, '')
    .replace(BEFORE_ID, '')
    .replace(ARXIV, '')
    .replace(AFTER_ID, '')
    .trim()
  const id = /\s/.test(bare)
    ? null
    : canonicalId(/^[a-z-]+(\.[a-z]{2})?\/\d{7}/i.test(bare) ? oldId(bare) : bare.toLowerCase())
  return id !== null && isArxivId(id) ? id : null
}

/** `CS.cl/0101001` as arXiv writes it. */
function oldId(id: string): string {
  const [archive = '', number = ''] = id.split('/')
  const [name = '', subject] = archive.split('.')
  return `${name.toLowerCase()}${subject === undefined ? '' : `.${subject.toUpperCase()}`}/${number}`
}
