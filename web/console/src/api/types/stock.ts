/** The stock ledger: levels, movements, counts. */
import type { Picture } from '@shared/api'

export interface StockLevel {
  id: string
  variant_id: string
  product_id: string
  title: string
  options: string[]
  sku_code: string
  barcode: string
  picture: Picture | null
  state: string
  on_hand: number
  reserved: number
  safety: number
  warn_at: number | null
  left: number
  kind: string
  moved_at: string | null
}

export type MoveKind = 'start' | 'sale' | 'return' | 'correction' | 'count' | 'import'

export interface StockMove {
  id: string
  variant_id: string
  product_id: string
  nth: number
  kind: MoveKind
  quantity: number
  balance: number
  subject_id: string | null
  staff_name: string | null
  note: string
  at: string
  title: string
  options: string[]
}

export interface StockSheet {
  id: string
  state: 'open' | 'posted' | 'dropped'
  note: string
  started_at: string
  started_by: string | null
  ended_at: string | null
  lines: number
  differing: number
  difference: number
}

export interface StockCountLine {
  id: string
  variant_id: string
  title: string
  options: string[]
  sku_code: string
  expected: number
  unsent: number
  counted: number
  counted_at: string
  counted_by: string | null
}

export interface StockCount {
  sheet: StockSheet
  lines: StockCountLine[]
}
