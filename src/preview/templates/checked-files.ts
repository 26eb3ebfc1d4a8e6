import { openTemplateFiles, type TemplateFiles } from '../../rendering/mjml.ts'
import { findTagFault, markTags, type TagFault } from '../../rendering/mjml-tags.ts'

/** An MJML tag without its partner. */
export class TagError extends Error {
  constructor(readonly fault: TagFault) {
    super(fault.words)
  }
}

/**
 * Opens the templates below one or more folders, and throws a `TagError` when an MJML template has a tag without its partner. It looks
 * at what Handlebars writes, so conditions and partials may open a tag in one place and close it in another.
 */
export function openCheckedFiles(...folders: readonly string[]): TemplateFiles {
  const files = openTemplateFiles(folders)
  const marked = openTemplateFiles(folders, markTags)
  return {
    text: files.text,
    mjml: (name) => (context) => {
      // First, because the marks would be in the messages of Handlebars.
      const mjml = files.mjml(name)(context)
      const fault = findTagFault(marked.mjml(name)(context))
      if (fault !== null) throw new TagError(fault)
      return mjml
    },
  }
}
