/** The books, and their agreement with WeChat's bill. */
export type DayState = 'waiting' | 'making' | 'agreed' | 'differences' | 'none'
export interface BillDay {
  date: string
  state: DayState
  paid_fen: number
  refund_fen: number
  fee_fen: number
  differences: number
  open?: number
}

export interface Difference {
  id: string
  kind: string
  ours: Record<string, unknown> | null
  theirs: Record<string, unknown> | null
  state: string
  resolution: string | null
  note: string | null
  resolved_by?: string | null
  resolved_at?: string | null
}

export interface BillReport extends Omit<BillDay, 'differences'> {
  ours?: { paid_fen: number; refund_fen: number; count?: number }
  theirs?: { paid_fen: number; refund_fen: number; count?: number }
  next_try_at?: string | null
  differences: Difference[]
}

export interface Balance {
  account: string
  balance_fen: number
  postings?: number
}

export interface Posting {
  id: string
  at: string
  debit: string
  credit: string
  amount_fen: number
  kind: string
  source: string
}
