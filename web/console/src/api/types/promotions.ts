/** Promotions, and the calculator's answers. */
import type { Picture } from './goods'

export type PromotionKind = 'flash' | 'group' | 'free_freight' | 'n_for' | 'nth' | 'percent' | 'full' | 'gift' | 'addon'
export interface Scope { kind: 'all' | 'products' | 'categories' | 'tags'; ids: string[]; without?: string[] }
export interface PromotionStep { min_fen?: number; min_pieces?: number; minus_fen?: number; percent?: number; gifts?: { variant_id: string; quantity: number }[] }
export interface Special { variant_id: string; price_fen: number; stock?: number | null; per_person?: number | null }
export interface WeekHours { day: number; start: number; end: number }

export interface PromotionAsked {
  kind: PromotionKind
  name: string
  scope: Scope
  steps: PromotionStep[]
  each: boolean
  most: number | null
  pieces: number
  price_fen: number
  percent: number
  specials: Special[]
  members_only: boolean
  /** Customers' tags: whoever wears one of them is meant; none: everybody is. */
  audience: string[]
  starts_at: string | null
  ends_at: string | null
  hours: WeekHours[]
  per_person: number | null
  budget: number | null
  group: string
  stacks_with: string[]
  position: number
  version?: number | null
}

export interface Meant { variant_id: string; title: string; options: string[]; price_fen: number; left?: number }

export interface PromotionView {
  id: string
  promotion: PromotionAsked & { id: string }
  state: 'draft' | 'on' | 'paused' | 'ended'
  version: number
  zh: string
  en: string
  now: string
  figures: { orders: number; fen: number; pieces: Record<string, number> }
  goods: Meant[]
  created_at: string
  updated_at: string
}

export interface SumStep { kind: string; zh: string; en: string; fen: number; clerk_zh: string; clerk_en: string; rule: string; facts: Record<string, number>; lines: [number, number][] }
export interface SumLine { variant_id: string; title: string; options: string[]; picture: Picture | null; price_fen: number; quantity: number; amount_fen: number; paid_fen: number; gift: boolean; reasons: { zh: string; en: string; fen: number }[] }
export interface SumPrice { lines: SumLine[]; goods_fen: number; discount_fen: number; freight_fen: number; total_fen: number; steps: SumStep[] }
export interface SumView { price: SumPrice; near: { promotion_id: string; zh: string; en: string; reached: boolean }[]; coupon_zh: string; coupon_en: string; drafted: SumPrice | null; at: string; later: boolean }
export interface PricePolicy { members: 'nobody' | 'followers' | 'tag'; tag_id: string | null }
