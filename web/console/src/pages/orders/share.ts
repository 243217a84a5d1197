/** What a number of pieces of one line gives back: the server's formula, shown live; the server has the last word. */
interface Line {
  quantity: number
  refunded: number
  refunded_fen: number
  allocation: { paid_fen: number }
}

/** The fen of `more` pieces: the share of all that are back by then, less what is back already. */
export function share(line: Line, more: number): number {
  if (more <= 0 || line.refunded + more > line.quantity) return 0
  const due = Math.floor((line.allocation.paid_fen * (line.refunded + more)) / line.quantity)
  return Math.max(0, due - line.refunded_fen)
}
