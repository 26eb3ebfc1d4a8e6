// Shows the forms for passkeys. They get a request from the server, let the browser answer it, and are posted with the answer.
const { browserSupportsWebAuthn, startAuthentication, startRegistration } = globalThis.SimpleWebAuthnBrowser

for (const form of browserSupportsWebAuthn() ? document.querySelectorAll('form[data-passkey]') : []) {
  form.hidden = false
  for (const other of document.querySelectorAll('[data-no-passkey]')) other.hidden = true
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    send(form)
  })
}

async function send(form) {
  const button = form.querySelector('button')
  const note = form.querySelector('[data-note]')
  button.disabled = true
  note.hidden = true
  try {
    const optionsJSON = await readOptions(form)
    const start = form.dataset.passkey === 'add' ? startRegistration : startAuthentication
    form.elements.credential.value = JSON.stringify(await start({ optionsJSON }))
    // The password was checked with the request, so it is not sent again.
    for (const field of form.querySelectorAll('[data-once]')) field.value = ''
    form.submit()
  } catch (error) {
    note.textContent = wordsFor(error, form)
    note.hidden = false
    button.disabled = false
  }
}

async function readOptions(form) {
  const body = new URLSearchParams(new FormData(form))
  const answer = await fetch(`${form.action}/options`, { method: 'POST', body })
  const json = await answer.json()
  if (!answer.ok) throw Object.assign(new Error(json.fault), { name: 'RefusedError' })
  return json
}

function wordsFor(error, { dataset }) {
  if (error.name === 'RefusedError' && error.message !== '') return error.message
  if (error.name === 'InvalidStateError') return dataset.known
  if (error.name === 'SecurityError') return dataset.elsewhere
  return error.name === 'NotAllowedError' || error.name === 'AbortError' ? dataset.cancelled : dataset.failed
}
