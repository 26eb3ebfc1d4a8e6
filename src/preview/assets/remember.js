// Keeps choices in this browser: the chosen mail programs, and the address for “Send me this”.
const PREFIX = 'paperround-preview-'

export function recall(name) {
  try {
    return localStorage.getItem(PREFIX + name) ?? ''
  } catch {
    return '' // The browser keeps nothing, such as in a private window.
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, value)
  } catch {}
}

export function forget(name) {
  try {
    localStorage.removeItem(PREFIX + name)
  } catch {}
}

// The address of the last test is filled in the next time.
export function prepareFields() {
  for (const field of document.querySelectorAll('[data-remember]')) {
    const name = field.dataset.remember
    if (field.value === '') field.value = recall(name)
    const button = document.querySelector(`[data-forget="${name}"]`)
    if (!button) continue
    button.hidden = recall(name) === ''
    button.addEventListener('click', () => {
      forget(name)
      field.value = ''
      button.hidden = true
      field.focus()
    })
  }
}

addEventListener('submit', ({ target }) => {
  for (const field of target.querySelectorAll('[data-remember]')) remember(field.dataset.remember, field.value.trim())
})
