import { INBOUND_WORDS_CHARS_MAX } from '../../../config/limits-inbound.ts'

/** Lines with which mail systems introduce the returned message. */
const COPY_BEGINS = [
  // qmail, Yahoo, newmail.ru: “--- Below this line is a copy of the message.”
  /^[ \t]*-{0,}[ \t]*(enclosed|attached|included|below|what follows)\b[^\n]{0,30}\b(is|are)\b[^\n]{0,20}\b(copy|the headers?)\b/,
  // Exim, GMX, 1&1: “------ This is a copy of the message, including all the headers. ------”
  /^[ \t]*-*[ \t]*(this is a copy of|the headers? of|a copy of) (the|your) (original |undelivered )?(message|mail)\b/,
  // Gmail, Outlook, IMail, Sendmail 5, Notes, Smail, usa.net: a title between dashes, or alone.
  /^[ \t]*[-=*_]{2,}[ \t]*(start of )?(original|unsent|returned?|undelivered|forwarded|your|message)[ \t]+(message|mail|text|headers?|email)\b/,
  /^[ \t]*(original|old|unsent|returned) (message|mail)( text| headers?)?( follows)?[ \t]*[.:]?[ \t]*$/,
  /^[ \t]*[-=*_]{2,}[ \t]*(message|mail) (headers?|text|body|contents?)( follows?)?\b/,
  /^[ \t]*(message headers?|message text|original message headers?|here is your returned mail|old message)( follows?)?[ \t]*[.:]?[ \t]*$/,
  /^[ \t]*[-=*_]{2,}[ \t]*(here is|the (original|returned) (message|mail)|ursprüngliche nachricht|mensaje original|message d'origine)\b/,
  /^[ \t]*(original message|your message|message) (follows|reads|is attached|attached)\b/,
  // The head of the message itself.
  /^(received|return-path):[ \t]?\S/,
  /^[ \t]*>[ \t]?(received|return-path):/,
]

/**
 * Returns the text before the copy of the returned message. The message itself may mention spam, quotas and unknown users,
 * which says nothing about its delivery.
 */
export function withoutReturnedMessage(text: string): string {
  const lines: string[] = []
  let chars = 0
  for (const line of text.slice(0, INBOUND_WORDS_CHARS_MAX).split('\n')) {
    // A report may begin with a copy of its own head. The copy of the message comes after some words.
    if (chars > 0 && COPY_BEGINS.some((begins) => begins.test(line.toLowerCase()))) break
    lines.push(line)
    chars += line.trim().length
  }
  return lines.join('\n')
}
