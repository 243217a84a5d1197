/** Orders and what happens to them. */
import type { Happening } from './account'
import type { Picture } from './goods'
import type { OrderCode, OrderPart, TicketRow } from './kinds'

export type OrderState = 'unpaid' | 'deposit' | 'paid' | 'shipped' | 'completed' | 'closed'

export interface OrderRow {
  id: string
  number: string
  state: OrderState
  delivery: 'express' | 'local' | 'pickup' | 'none'
  refund: 'none' | 'part' | 'all'
  /** Parcels are out, and more waits to be sent. */
  part_sent?: boolean
  /** The goods wait to be picked up although their time is over. */
  pickup_over?: boolean
  total_fen: number
  quantity: number
  fan: { id: string; nickname: string | null } | null
  receiver: { name: string; phone: string } | null
  lines: { title: string; options: string[]; quantity: number; picture: Picture | string | null }[]
  placed_at: string
  paid_at: string | null
}

export interface OrderLine {
  id: string
  product_id: string
  title: string
  options: string[]
  picture: Picture | string | null
  quantity: number
  price_fen: number
  allocation: { goods_fen: number; discount_fen: number; freight_fen?: number; paid_fen: number }
  shipped?: number
  /** How many pieces wait to go into a parcel. */
  unsent?: number
  refunded: number
  refunded_fen: number
  gift?: boolean
}

export interface MoneyLine {
  label_zh: string
  label_en: string
  fen: number
  kind: string
  /** The same for whoever has to explain it: the rule, its threshold, what it was reckoned from. */
  clerk_zh?: string
  clerk_en?: string
  /** And for whoever has to find out: which rule, what it looked at, how many fen of it went to which line. */
  rule?: string
  facts?: Record<string, number>
  lines?: [number, number][]
}

export interface Shipment {
  id: string
  company: string
  number: string
  at: string
  lines?: { line_id: string; quantity: number }[]
  track?: Track | null
}

/** Where a parcel is, as kuaidi100 tells. */
export interface Track {
  state: 'wanted' | 'watched' | 'refused' | 'ended'
  stage: string
  events: { at: string; text: string; stage: string }[]
  told_at: string | null
  again_at: string | null
  problem: string
}

export interface RefundRow {
  id: string
  /** Null where it was no order's: a top-up, or the test of an account. */
  order_id: string | null
  origin?: 'asked' | 'stray' | 'test' | 'recharge'
  order_number: string
  amount_fen: number
  reason: string
  state: string
  requested_at: string
  settled_at: string | null
  number?: string
  problem?: string | null
  actor?: string | null
  /** How the amount came about (adds up to it), and which ways it goes (adds up to it, too). */
  explanation?: { kind: string; zh: string; en: string; fen: number }[]
  parts?: { kind: string; zh: string; en: string; amount_fen: number; state: string }[]
  /** What partners gave back of their shares of it. */
  shares?: { label: string; amount_fen: number; state: 'asked' | 'returned' | 'failed' | 'left' }[]
}

export interface Order extends Omit<OrderRow, 'lines'> {
  goods_fen: number
  discount_fen: number
  freight_fen: number
  freight_refunded_fen?: number
  remark: string
  memo: string
  address: { name: string; phone: string; region: string[]; detail: string; window?: string } | null
  presale?: { deposit_fen: number; balance_fen: number; opens_at: string; pay_by: string; ships_by: string; state: 'owed' | 'closing' | 'paid' | 'missed' | 'dropped' } | null
  bringing?: { courier: string; phone: string; sent_at: string; delivered_at: string | null } | null
  pickup: { code?: string | null; place: string; address: string; hours: string; verified_at: string | null; state?: PickupState | null; until?: string | null } | null
  lines: OrderLine[]
  money: MoneyLine[]
  timeline: Happening[]
  shipments: Shipment[]
  refunds: RefundRow[]
  parts?: OrderPart[]
  tickets?: TicketRow[]
  codes?: OrderCode[]
  form?: Record<string, string | string[]>
  charge: { number: string; transaction_id: string | null; state: string; amount_fen: number; paid_at: string | null } | null
  completed_at?: string | null
  expires_at?: string | null
}

export type PickupState = 'waiting' | 'verified' | 'expired' | 'refunded'

/** Goods that wait, or waited, to be picked up; the id is their order's. `until` null: for ever. */
export interface KeptRow {
  id: string
  number: string
  buyer: string
  code: string
  state: PickupState
  title: string
  pieces: number
  total_fen: number
  created_at: string
  until: string | null
  verified_at: string | null
}

export interface PickupOrder {
  order_id: string
  number: string
  state: string
  code: string
  buyer: string
  lines: { title: string; options: string[]; quantity: number; picture?: Picture | string | null }[]
  total_fen: number
  paid_at: string | null
  verified_at: string | null
  stands: PickupState
  until: string | null
  /** Why it is not handed out now, if it is not. */
  why: string | null
  undoable: boolean
  extendable: boolean
}
