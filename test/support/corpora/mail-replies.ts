import type { ReplyBlame } from '../../../src/mail/reply/blame.ts'
import { readCorpus } from './read-corpus.ts'

/** Replies in the words of many mail servers, as answers to a command or as quotes in a returned mail. */
export const REPLIES = readCorpus('mail-replies.txt')
  .split('\n')
  .filter((line) => line.includes('\t'))
  .map((line) => line.split('\t') as [blame: ReplyBlame, text: string])
