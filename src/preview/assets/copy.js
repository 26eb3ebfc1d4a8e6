// Copies a part of the mail, and saves a picture of it.
const byId = (id) => document.getElementById(id)
const tell = (words) => {
  const place = document.querySelector('[data-told]')
  if (place) place.textContent = words
}

addEventListener('click', (event) => {
  const button = event.target.closest?.('button[data-copy]')
  const link = event.target.closest?.('a[data-download]')
  if (button) {
    event.preventDefault()
    copy(button)
  } else if (link) {
    event.preventDefault()
    download(link)
  }
})

async function copy(button) {
  const url = new URL(button.form.action)
  for (const [name, value] of new FormData(button.form)) url.searchParams.set(name, value)
  url.searchParams.set('part', button.value)
  const loading = load(url)
  let text = ''
  try {
    text = (await Promise.all([loading, write(loading)]))[0]
  } catch {
    try {
      text = await loading
    } catch (error) {
      tell(error.message)
      return
    }
    if (!byHand(text, button)) return
  }
  tell(`Copied the ${button.dataset.copy}: ${sizeOf(text)}`)
}

async function load(url) {
  const answer = await fetch(url).catch(() => {
    throw new Error('Not copied: the preview no longer responds.')
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`Not copied: ${text}`)
  return text
}

// Safari allows copying only if the clipboard is opened during the click, so it gets a promise.
async function write(loading) {
  if (globalThis.ClipboardItem === undefined) return navigator.clipboard.writeText(await loading)
  const blob = loading.then((text) => new Blob([text], { type: 'text/plain' }))
  return navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })])
}

// Without permission for the clipboard: the old command, and if that fails too, the selected text in a dialog.
function byHand(text, button) {
  const dialog = byId('by-hand')
  const area = dialog.querySelector('textarea')
  area.value = text
  dialog.showModal()
  area.focus()
  area.select()
  if (document.execCommand('copy')) {
    dialog.close()
    button.focus()
    return true
  }
  tell('')
  return false
}

async function download(link) {
  tell(`Making ${link.dataset.download} …`)
  try {
    const answer = await fetch(link.href)
    if (!answer.ok) throw new Error(await answer.text())
    const [, name] = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '') ?? []
    const made = document.createElement('a')
    made.href = URL.createObjectURL(await answer.blob())
    made.download = name ?? 'mail.png'
    made.click()
    setTimeout(() => URL.revokeObjectURL(made.href), 60_000)
    tell(`Saved as ${made.download}`)
  } catch (error) {
    tell(error.message)
  }
}

function sizeOf(text) {
  const bytes = new Blob([text]).size
  return bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(1)} KB`
}
