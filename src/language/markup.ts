import { createElement, Fragment, type ReactNode } from 'react'
import type { MessageKey } from './catalogue.ts'
import { language } from './language.ts'
import type { MessageValues } from './message.ts'

/** Makes an element of the content of a tag. */
export type TagElements = Readonly<Record<string, (content: ReactNode) => ReactNode>>

/** Returns a message with elements in it: `tags` has one for each tag of the message. */
export function sayWith(key: MessageKey, tags: TagElements, values: MessageValues = {}): ReactNode {
  const nodes = language()
    .message(key)
    .build<ReactNode>(values, {
      text: (text) => text,
      tag: (name, content) => {
        const made = tags[name]
        if (made === undefined) throw new Error(`the message ${key} has a tag <${name}> without an element`)
        return made(createElement(Fragment, null, ...content))
      },
    })
  return createElement(Fragment, null, ...nodes)
}

/** Returns a message as HTML: texts and values are escaped, and its tags, which have no attributes, stay. */
export function sayHtml(key: MessageKey, values: MessageValues, escaped: (text: string) => string): string {
  return language()
    .message(key)
    .build<string>(values, { text: escaped, tag: (name, content) => `<${name}>${content.join('')}</${name}>` })
    .join('')
}
