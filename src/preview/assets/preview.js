// The page of the preview: reloads the mail when a template is saved, and handles keys.
import { prepareChecks } from './checks.js'
import './copy.js'
import { prepareFrames } from './frames.js'
import { prepareFields } from './remember.js'

// Every URL of the preview starts with the token, also the URL of this file.
const EVENTS = new URL('../events', import.meta.url)
const byId = (id) => document.getElementById(id)

// Loads the checks after the mail.
async function prepare() {
  prepareFields()
  await prepareFrames()
  prepareChecks()
}

// Reloads the mail when a template is saved, unless props are being edited.
const live = document.querySelector('[data-live]')
const events = new EventSource(EVENTS)
events.addEventListener('open', () => live?.classList.add('on'))
events.addEventListener('error', () => {
  live?.classList.remove('on')
  if (live) live.textContent = 'The preview does not respond'
})
events.addEventListener('changed', ({ data }) => {
  const { file } = JSON.parse(data)
  const props = byId('props')
  if (props && props.value !== props.defaultValue)
    live.textContent = `${file} was saved. Press F5 when your props are done.`
  else refresh(file)
})

async function refresh(file) {
  const answer = await fetch(location.href)
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html')
  document.title = next.title
  for (const part of ['main', '.sidebar', '.panel']) {
    const fresh = next.querySelector(part)
    if (fresh) document.querySelector(part)?.replaceWith(fresh)
  }
  if (live) live.textContent = `${file} was saved`
  prepare()
}

prepare()
addEventListener('pagehide', () => events.close())

addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.('input, textarea, select')) return
  if (event.key === '?') {
    event.preventDefault()
    byId('keys').showModal()
    return
  }
  const target = [...document.querySelectorAll('[data-key]')].find(({ dataset }) => dataset.key === event.key)
  if (target && !document.querySelector('dialog[open]')) {
    event.preventDefault()
    if (target.matches('input')) {
      target.focus()
      target.select()
    } else target.click()
  }
})
// Listens on the document, because a reload replaces the button.
addEventListener('click', ({ target }) => {
  if (target.closest?.('button[data-key="?"]')) byId('keys').showModal()
})
