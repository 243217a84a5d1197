/** Save a QR code from its SVG text: as it is, or drawn large for print. */
import { standalone } from '@/lib/svg'

function save(url: string, name: string) {
  const link = document.createElement('a')
  link.href = url
  link.download = name.replace(/[\\/:*?"<>|]/g, '_')
  link.click()
}

export function saveSvg(svg: string, name: string) {
  const url = URL.createObjectURL(new Blob([standalone(svg)], { type: 'image/svg+xml' }))
  save(url, `${name}.svg`)
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}

export async function savePng(svg: string, name: string, size = 1200) {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standalone(svg, size))}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = size
  const context = canvas.getContext('2d')!
  context.imageSmoothingEnabled = false
  context.fillStyle = '#fff'
  context.fillRect(0, 0, size, size)
  context.drawImage(image, 40, 40, size - 80, size - 80)
  save(canvas.toDataURL('image/png'), `${name}.png`)
}
