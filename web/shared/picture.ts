// Pictures are served in three WebP widths; pages name the width they show and the browser picks by pixel density.
import type { Picture } from './api'

const WIDTHS = [320, 750, 1500]

/** The address of one width: replace the width in `url`, or append one when it has none. */
export function at(picture: Picture, width: number): string {
  const swapped = picture.url.replace(/\/\d+\.webp$/, `/${width}.webp`)
  return swapped !== picture.url || picture.url.includes('.') ? swapped : `${picture.url}/${width}.webp`
}

/** All widths for an `srcset`; empty when the picture does not come in widths (an avatar at WeChat). */
export function srcset(picture: Picture): string {
  if (!picture.url.startsWith('/media/')) return ''
  return (picture.widths ?? WIDTHS).map((width) => `${at(picture, width)} ${width}w`).join(', ')
}
