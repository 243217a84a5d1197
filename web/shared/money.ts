// Money is integer fen everywhere; yuan exist only on the screen and in what people type.

export type Fen = number

/** 1280 -> "12.80". Integer arithmetic only: no fen is ever lost to a float. */
export function yuan(fen: Fen): string {
  const [whole, cents] = parts(fen)
  return `${whole}.${cents}`
}

/** 1280 -> "¥12.80", -500 -> "-¥5.00". */
export function money(fen: Fen): string {
  return (fen < 0 ? '-¥' : '¥') + yuan(Math.abs(fen))
}

/** 1200 -> "12", 1250 -> "12.5", 1255 -> "12.55": for coupons and other big figures. */
export function shortYuan(fen: Fen): string {
  return yuan(fen).replace(/\.?0+$/, '')
}

/** 123456 -> ["1234", "56"]: the two are set in different sizes. */
export function parts(fen: Fen): [whole: string, cents: string] {
  if (!Number.isSafeInteger(fen)) throw new RangeError(`not an amount of fen: ${fen}`)
  const size = Math.abs(fen)
  const cents = size % 100
  return [(fen < 0 ? '-' : '') + (size - cents) / 100, String(cents).padStart(2, '0')]
}

/** "12.8" -> 1280; null when it is not an amount with at most two decimals. */
export function parseYuan(text: string): Fen | null {
  const found = /^(\d{1,9})(?:\.(\d{0,2}))?$/.exec(text.trim())
  if (!found) return null
  return Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0'))
}
