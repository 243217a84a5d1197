import type { OrderPart, PartItem } from '@/api/types/kinds'

/** What a number of pieces of one line gives back: the server's formula, shown live; the server has the last word. */
interface Line {
  quantity: number
  refunded: number
  refunded_fen: number
  allocation: { paid_fen: number }
}

/** The goods of a bundle that can go back by themselves: what does not travel, or has arrived. Keyed by line. */
export function apart(parts: OrderPart[]): Record<string, PartItem[]> {
  const all: Record<string, PartItem[]> = {}
  const open: Record<string, PartItem[]> = {}
  for (const part of parts) {
    const travels = ['express', 'local', 'pickup'].includes(part.fulfilment)
    for (const item of part.items) {
      ;(all[item.line_id] ??= []).push(item)
      if (item.left && !(travels && part.state === 'waiting')) (open[item.line_id] ??= []).push(item)
    }
  }
  // A line of one thing is no bundle: it goes back as a line.
  return Object.fromEntries(Object.entries(open).filter(([line]) => all[line]!.length > 1))
}

/** What `more` pieces of one of a bundle's goods give back: its share of what was paid. */
export function shareApart(item: PartItem, more: number): number {
  const before = item.quantity - item.left
  return Math.floor((item.paid_fen * (before + more)) / item.quantity) - Math.floor((item.paid_fen * before) / item.quantity)
}

/** The fen of `more` pieces: the share of all that are back by then, less what is back already. */
export function share(line: Line, more: number): number {
  if (more <= 0 || line.refunded + more > line.quantity) return 0
  const due = Math.floor((line.allocation.paid_fen * (line.refunded + more)) / line.quantity)
  return Math.max(0, due - line.refunded_fen)
}
