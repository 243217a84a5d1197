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
  number: string
  ours: Record<string, unknown> | null
  theirs: Record<string, unknown> | null
  state: string
  resolution: string | null
  note: string | null
  resolved_at?: string | null
}

export interface BillReport extends Omit<BillDay, 'differences'> {
  problem: string
  asked_at: string | null
  compared_at: string | null
  differences: Difference[]
}

export interface Balance {
  account: string
  name_zh: string
  name_en: string
  debit_fen: number
  credit_fen: number
  balance_fen: number
}

export interface Posting {
  id: string
  at: string
  debit: string
  credit: string
  amount_fen: number
  kind: string
  day: string
  note: string
}
