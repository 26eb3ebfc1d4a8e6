import { describe, expect, it } from '@jest/globals'
import Handlebars from 'handlebars'
import { findTagFault, markTags } from '../../src/rendering/mjml-tags.ts'

/** Returns the fault of a template after Handlebars has filled it in: `line 3: words`, or null. */
function faultOf(source: string, values: object = {}): string | null {
  const fault = findTagFault(Handlebars.compile(markTags(source, 'mail.mjml'))(values))
  return fault === null ? null : `line ${fault.line}: ${fault.words}`
}

const inColumn = (content: string) => `<mj-section>\n<mj-column>\n${content}\n</mj-column>\n</mj-section>`

describe('an MJML template has a fault, with its line:', () => {
  it.each([
    [
      'a misspelled end tag',
      '<mj-section>\n<mj-column>\n<mj-text>Hello</mj-text>\n</mj-colum>\n</mj-section>',
      'line 4: </mj-colum> closes an element that is not open. The open element is <mj-column> of line 2.',
    ],
    [
      'a misspelled start tag',
      '<mj-section>\n<mj-colum>\n</mj-column>\n</mj-section>',
      'line 2: <mj-colum> is not an element of MJML. </mj-column> of line 3 closes it.',
    ],
    [
      'an end tag too many, at the end',
      `${inColumn('<mj-text>Hello</mj-text>')}\n</mj-section>`,
      'line 6: </mj-section> closes an element that is not open.',
    ],
    [
      'an end tag too many, inside',
      inColumn('</mj-section>\n<mj-text>Hello</mj-text>'),
      'line 3: </mj-section> closes nothing here. Remove it.',
    ],
    [
      'an element that is not closed',
      inColumn('<mj-text>Hello'),
      'line 3: <mj-text> is not closed before </mj-column> of line 4.',
    ],
    [
      'an outer element that is not closed',
      '\n<mj-section>\n<mj-column></mj-column>',
      'line 2: <mj-section> is never closed.',
    ],
    ['raw HTML that is not closed', inColumn('<mj-raw><tr>'), 'line 3: <mj-raw> is never closed.'],
    [
      'a tag without its end',
      inColumn('<mj-text color="#fff"\n<b>Hello</b></mj-text>'),
      /^line 3: The tag <mj-text does not end/,
    ],
    [
      'a quote that is not closed',
      inColumn('<mj-text color="#fff>Hello</mj-text>'),
      /^line 3: The tag <mj-text does not end/,
    ],
    [
      'HTML that is not closed',
      inColumn('<mj-text>\n<div>Hello</mj-text>'),
      /^line 4: <div> is not closed before <\/mj-text> of line 4/,
    ],
    [
      'an HTML end tag too many',
      inColumn('<mj-text>\n</b></mj-text>'),
      /^line 4: <\/b> closes an element that is not open/,
    ],
    [
      'a tag after a block of several lines',
      '{{!-- <b>\n\n--}}\n{{#if\n  a}}{{/if}}\n<mj-text>',
      'line 6: <mj-text> is never closed.',
    ],
  ])('%s', (_, source, fault) => {
    expect(faultOf(source)).toEqual(typeof fault === 'string' ? fault : expect.stringMatching(fault))
  })
})

describe('an MJML template has no fault because of', () => {
  it.each([
    [
      'tags that close themselves',
      inColumn('<mj-spacer height="4px" /><mj-text>a<br>b<br/><img src="a>b.png"></mj-text>'),
    ],
    [
      'end tags that HTML allows to leave out',
      inColumn('<mj-text><ul><li>a<li>b</ul><p>c</mj-text><mj-table><tr><td>d</mj-table>'),
    ],
    ['raw HTML that opens what another one closes', inColumn('<mj-raw><div></mj-raw><mj-raw></div></mj-raw>')],
    ['comments', inColumn('<!-- <mj-text> --><!--[if mso]><table><![endif]-->{{!-- <mj-text> --}}')],
    [
      'styles and signs in words',
      inColumn('<mj-text>a < b, 3 <4, R&D > x</mj-text>').replace(
        '<mj-section>',
        '<mj-style>a>b{}</mj-style><mj-section>',
      ),
    ],
    [
      'a link that two conditions open and close',
      inColumn('<mj-text>{{#if url}}<a href="{{url}}">{{/if}}x{{#if url}}</a>{{/if}}</mj-text>'),
    ],
    ['capital letters', '<MJ-Section></mj-section>'],
  ])('%s', (_, source) => {
    expect([faultOf(source), faultOf(source, { url: 'https://papers.example.org/?a=<b>' })]).toEqual([null, null])
  })
})
