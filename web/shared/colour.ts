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

function hsl([r, g, b]: Rgb): [hue: number, saturation: number, light: number] {
  const [top, low] = [Math.max(r, g, b) / 255, Math.min(r, g, b) / 255]
  const [span, light] = [top - low, (top + low) / 2]
  if (!span) return [0, 0, light]
  const turn = top === r / 255 ? (g - b) / 255 / span + 6 : top === g / 255 ? (b - r) / 255 / span + 2 : (r - g) / 255 / span + 4
  return [(turn % 6) * 60, span / (1 - Math.abs(2 * light - 1)), light]
}

function fromHsl(hue: number, saturation: number, light: number): Rgb {
  const reach = saturation * Math.min(light, 1 - light)
  const channel = (n: number) => {
    const k = (n + hue / 30) % 12
    return 255 * (light - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1)))
  }
  return [channel(0), channel(8), channel(4)]
}

/** Darken a colour until it can be read on the given paper. Hue and life stay: a dark orange must not become brown. */
export function readable(colour: string, paper = '#ffffff', want = 4.5): string {
  const [hue, saturation, start] = hsl(rgb(colour))
  const warm = saturation > 0.3 && hue > 5 && hue < 60
  const vivid = warm ? Math.max(saturation, 0.85) : saturation
  let ink = hex(rgb(colour))
  for (let light = start; contrast(ink, paper) < want && light > 0; light -= 0.01) {
    // Orange and yellow turn to mud in the dark; leaning towards red keeps them warm.
    const lean = warm ? Math.min(hue, Math.max(12, hue - (start - light) * 60)) : hue
    ink = hex(fromHsl(lean, vivid, light))
  }
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
