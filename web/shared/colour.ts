// A merchant picks one colour; these functions keep every text on it and in it readable (WCAG AA, 4.5 to 1).

type Rgb = [number, number, number]

export const DEFAULT_COLOUR = '#07c160'

function rgb(hex: string): Rgb {
  const found = /^#?([0-9a-f]{6})$/i.exec(hex)
  const n = parseInt(found?.[1] ?? DEFAULT_COLOUR.slice(1), 16)
  return [n >> 16, (n >> 8) & 255, n & 255]
}

function hex([r, g, b]: Rgb): string {
  return '#' + [r, g, b].map((c) => Math.round(c).toString(16).padStart(2, '0')).join('')
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Contrast of two colours by WCAG 2, from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(rgb(one)), luminance(rgb(other))]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** Mix two colours; share 1 is all of the second. */
export function mix(one: string, other: string, share: number): string {
  const [a, b] = [rgb(one), rgb(other)]
  return hex([0, 1, 2].map((i) => a[i]! + (b[i]! - a[i]!) * share) as Rgb)
}

/** Darken a colour until it can be read on the given paper. */
export function readable(colour: string, paper = '#ffffff', want = 4.5): string {
  let ink = hex(rgb(colour))
  for (let step = 0; contrast(ink, paper) < want && step < 40; step += 1) ink = mix(ink, '#000000', 0.06)
  return ink
}

export interface Theme { primary: string; ink: string; fill: string; deep: string; tint: string; line: string }

/** Derive the tokens of a shop: fill carries white text, ink is text on white or on the tint. */
export function theme(colour: string | null | undefined): Theme {
  const primary = hex(rgb(colour ?? DEFAULT_COLOUR))
  const fill = readable(primary)
  const tint = mix(primary, '#ffffff', 0.91)
  return { primary, fill, tint, ink: readable(primary, tint), deep: mix(fill, '#000000', 0.18), line: mix(primary, '#ffffff', 0.7) }
}
