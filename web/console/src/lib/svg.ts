/** Inline SVG comes without its name space and often without a size; as an image it needs both. */
export function standalone(svg: string, size = 0): string {
  let text = svg.includes('xmlns=') ? svg : svg.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"')
  if (size && !/<svg[^>]*\swidth=/.test(text)) text = text.replace('<svg', `<svg width="${size}" height="${size}"`)
  return text
}
