// Pictures from the person's real disk, as the simulator keeps them: JPEG, not larger than a phone's.
const MOST = 1280

function chosen(camera: boolean, several: boolean): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = 'image/*'
    input.multiple = several
    if (camera) input.setAttribute('capture', 'environment')
    input.dataset.test = 'picture'
    input.hidden = true
    input.onchange = () => { resolve([...input.files ?? []]); input.remove() }
    input.oncancel = () => { resolve([]); input.remove() }
    document.body.append(input)
    input.click()
  })
}

async function shrunk(file: File): Promise<string> {
  const picture = await createImageBitmap(file)
  const scale = Math.min(1, MOST / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  const pen = canvas.getContext('2d')!
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return canvas.toDataURL('image/jpeg', 0.85)
}

/** Let the person choose pictures; none when they close the dialog or the files are no pictures. */
export async function pickPictures(camera = false, several = false): Promise<string[]> {
  const files = (await chosen(camera, several)).slice(0, 9)
  const read = await Promise.all(files.map((file) => shrunk(file).catch(() => '')))
  return read.filter(Boolean)
}
