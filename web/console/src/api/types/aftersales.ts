/** After-sales cases, as the merchant's staff and the provider see them. */
import type { Picture } from './goods'

export type CaseState = 'asked' | 'agreed' | 'returning' | 'received' | 'replaced' | 'refunding' | 'refused' | 'arbitration' | 'done' | 'withdrawn' | 'closed'
export type CaseKind = 'refund_only' | 'return_and_refund' | 'exchange' | 'seller_initiated'
export interface CaseLine {
  line_id: string
  product_id: string
  title: string
  options: string[]
  picture: Picture | null
  quantity: number
  amount_fen: number
  wanted: string[]
}
export interface CaseRow {
  id: string
  number: string
  order_id: string
  order_number: string
  kind: CaseKind
  state: CaseState
  reason: string
  reason_zh: string
  reason_en: string
  words: string
  lines: CaseLine[]
  amount_fen: number
  worth_fen: number
  freight_fen: number
  offer_fen: number | null
  asked_at: string
  moved_at: string
  due_at: string | null
  left_seconds: number | null
  ended_at: string | null
  ended_because: string
  called_by: string | null
  fan_id: string
  fan_name: string
}
export interface CaseEntry {
  id: string
  at: string
  actor: 'buyer' | 'merchant' | 'provider' | 'clock'
  actor_name: string
  what: string
  words: string
  pictures: Picture[]
  data: { amount_fen?: number; company?: string; number?: string; condition?: string; back?: number; for?: string }
}
export interface CaseDetail extends CaseRow {
  pictures: Picture[]
  return_to: { name: string; phone: string; address: string; note?: string } | null
  parcel_company: string
  parcel_number: string
  /** Where what comes back is, as kuaidi100 tells; null where nobody asked it. */
  track: { stage: string; events: { at: string; text: string }[] } | null
  checked_at: string | null
  condition: string
  ruled_for: 'buyer' | 'merchant' | null
  ruling: string
  refund_state: string | null
  refunded_at: string | null
  note: string
  entries: CaseEntry[]
}
export interface CaseSettings {
  setting: { return_to: { name: string; phone: string; address: string; note?: string } | null; exceptions: string[] }
  clocks: { hours: Partial<Record<CaseState, number>>; sources: [zh: string, en: string][] }
  reasons: { code: string; zh: string; en: string; money: boolean }[]
}
export interface CaseStatistics {
  days: number
  figures: { asked: number; done: number; called: number; back_fen: number; seconds: number; paid_orders: number }
  reasons: StatisticRow[]
  products: StatisticRow[]
}
export interface StatisticRow {
  key: string
  title: string
  title_en: string
  cases: number
  pieces: number
  back_fen: number
}
export interface CalledCase {
  id: string
  merchant_id: string
  merchant: string
  number: string
  kind: CaseKind
  state: CaseState
  amount_fen: number
  called_by: 'buyer' | 'merchant'
  called_at: string
  ruled_for: 'buyer' | 'merchant' | null
  ruled_at: string | null
}
