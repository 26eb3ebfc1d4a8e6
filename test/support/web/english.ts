import { type MessageFormatElement, TYPE } from '@formatjs/icu-messageformat-parser'
import { englishCatalogue, type MessageKey } from '../../../src/language/catalogue.ts'
import { openLanguage } from '../../../src/language/language.ts'
import { parseMessage } from '../../../src/language/message.ts'

/** Returns the English texts of ours that a page or a mail in German still has. */
export function englishIn(text: string): string[] {
  const words = text.replace(/<(script|style)[^>]*>.*?<\/\1>/gs, '').replace(/\s+/g, ' ')
  return MARKERS.filter((marker) => words.includes(marker))
}

const GERMAN = openLanguage('de').messages

/** Texts of three words and more, which no paper has by chance. The German text of the same key lacks them. */
const MARKERS: readonly string[] = Object.entries(englishCatalogue()).flatMap(([key, english]) => {
  const translated = GERMAN[key as MessageKey] ?? ''
  return textsIn(parseMessage(english))
    .map((text) => text.trim().replace(/^[.,;:]\s*/, ''))
    .filter((text) => text.split(' ').length >= 3 && text.length > 12 && !translated.includes(text))
})

/** Returns the texts between the placeholders of a message, of all its branches. */
function textsIn(elements: readonly MessageFormatElement[]): string[] {
  return elements.flatMap((element) => {
    if (element.type === TYPE.literal) return [element.value]
    if (element.type === TYPE.tag) return textsIn(element.children)
    return element.type === TYPE.plural || element.type === TYPE.select
      ? Object.values(element.options).flatMap(({ value }) => textsIn(value))
      : []
  })
}
