import { INBOUND_WORDS_CHARS_MAX } from '../../../config/limits.ts'

/** Lines by which mail systems begin the copy of the message that they return. */
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
 * The part of a text that the mail system wrote: what comes before the copy of the returned message. A message may
 * mention spam, quotas and unknown users; its own words do not describe its delivery.
 */
export function withoutReturnedMessage(text: string): string {
  const kept: string[] = []
  let chars = 0
  for (const line of text.slice(0, INBOUND_WORDS_CHARS_MAX).split('\n')) {
    // A report may begin with a copy of its own head; a copy of the message comes after words.
    if (chars > 0 && COPY_BEGINS.some((begins) => begins.test(line.toLowerCase()))) break
    kept.push(line)
    chars += line.trim().length
  }
  return kept.join('\n')
}
