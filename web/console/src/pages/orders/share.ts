/** What a number of pieces of one line gives back; the server computes it again and has the last word. */
interface Line {
  quantity: number
  refunded: number
  refunded_fen: number
  allocation: { paid_fen: number }
}

/** The fen of pieces n+1..n+k of a line: cumulative shares, so that all pieces together are the whole. */
export function share(line: Line, pieces: number): number {
  if (!pieces) return 0
  if (line.refunded + pieces >= line.quantity) return line.allocation.paid_fen - line.refunded_fen
  const upTo = (n: number) => Math.floor((line.allocation.paid_fen * n) / line.quantity)
  return Math.min(upTo(line.refunded + pieces) - upTo(line.refunded), line.allocation.paid_fen - line.refunded_fen)
}
