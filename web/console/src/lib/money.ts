/** The shared money functions, with thousands set apart: a back office shows large sums. */
import { parseYuan as parse, parts, yuan } from '@shared/money'

/** Show fen as yuan: 123450 -> "¥1,234.50", the minus before the sign. */
export function money(fen: number | null | undefined) {
  if (fen === null || fen === undefined) return '—'
  const [whole, cents] = parts(Math.abs(fen))
  return `${fen < 0 ? '−' : ''}¥${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`
}

/** Show fen for an input: 1990 -> "19.90". */
export function yuanText(fen: number | null | undefined) {
  return fen === null || fen === undefined ? '' : yuan(fen)
}

/** Read what a person typed as yuan into fen; null when it is not an amount. */
export function parseYuan(text: string) {
  return parse(text.replace(/[¥￥,\s]/g, ''))
}
