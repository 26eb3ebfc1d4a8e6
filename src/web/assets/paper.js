// Copies the citation of a paper, or its address. Without it, the text can be selected and the address is a link.
for (const button of document.querySelectorAll('[data-copies]')) {
  const source = document.getElementById(button.dataset.copies)
  button.hidden = false
  button.addEventListener('click', () => copy(button, source.textContent, source))
}
for (const link of document.querySelectorAll('[data-copies-link]')) {
  link.textContent = link.dataset.copiesLink
  link.setAttribute('role', 'button')
  link.addEventListener('click', (event) => {
    event.preventDefault()
    copy(link, link.href, link)
  })
  link.addEventListener('keydown', (event) => {
    if (event.key !== ' ') return
    event.preventDefault()
    link.click()
  })
}

async function copy(control, text, source) {
  const copied = await write(text)
  // Without permission, the text is selected, so that the reader can copy it.
  if (!copied) getSelection().selectAllChildren(source)
  const { dataset } = document.querySelector('[data-copied]')
  say(control, copied ? dataset.copied : dataset.selected)
}

async function write(text) {
  try {
    // Browsers offer the clipboard only over https and on localhost.
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/** Shows the result in place of the label for two seconds. The live region reads it aloud. */
function say(control, words) {
  const label = control.dataset.label ?? control.textContent
  control.dataset.label = label
  let region = document.getElementById('copy-status')
  if (!region) {
    region = document.createElement('p')
    region.id = 'copy-status'
    region.className = 'hidden'
    region.setAttribute('role', 'status')
    document.querySelector('main').append(region)
  }
  region.textContent = words
  control.textContent = words
  clearTimeout(control.timer)
  control.timer = setTimeout(() => {
    control.textContent = label
  }, 2_000)
}
