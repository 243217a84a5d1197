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
  /** What moved on the account at WeChat for it; no bill, no word. */
  moved: Record<string, unknown> | null
  proposal: { action: string; zh: string; en: string }
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

/** A day of the account at WeChat. */
export interface FundDay {
  day: string
  account_id: string
  mchid: string
  income_fen: number
  refunds_fen: number
  fees_fen: number
  paid_out_fen: number
  shared_fen: number
  put_in_fen: number
  other_fen: number
  opening_fen: number
  closing_fen: number
}

export interface Settlements {
  items: FundDay[]
  now: { billed_fen: number; booked_fen: number; refunds_fen: number }
}
