/** The books, and their agreement with WeChat's bill. */
export type DayState = 'waiting' | 'making' | 'agreed' | 'differences' | 'none' | 'unavailable'
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
  /** Booked to follow the bill, and not cleared yet: positive where WeChat has more. */
  suspense_fen: number
  /** The bill was mended since. */
  healed: boolean
  state: string
  resolution: string | null
  note: string | null
  resolved_at?: string | null
}

/** Well signed, and not what was asked for. */
export interface SuspiciousNotice {
  id: string
  event_type: string
  number: string
  problem: string
  resource: Record<string, unknown>
  received_at: string
}

/** How many notices were turned away, and why. */
export interface RefusedNotices {
  why: string
  times: number
  last_at: string
  last_serial: string
}

/** A day of which something stands in suspense. */
export interface HeldDay {
  date: string
  differences: number
  fen: number
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
