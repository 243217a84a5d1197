/** Goods, pictures, coupons, codes. */
import type { Picture } from '@shared/api'

export type { Picture }

export interface Option {
  name: string
  values: string[]
}

export interface Variant {
  id: string
  options: string[]
  price_fen: number
  market_price_fen?: number | null
  member_price_fen?: number | null
  cost_fen?: number | null
  stock: number
  sku_code: string
  barcode?: string
  weight_g?: number
  picture_id?: string | null
}

export type GoodsKind = 'physical' | 'service' | 'ticket' | 'virtual' | 'bundle'

/** One question of an order form. */
export interface FormField {
  key: string
  name: string
  type: 'text' | 'textarea' | 'number' | 'phone' | 'date' | 'select' | 'many'
  required: boolean
  options: string[]
}

export interface ProductAsked {
  title: string
  subtitle: string
  category_id: string | null
  pictures: (string | Picture)[]
  detail: string
  options: Option[]
  variants: Variant[]
  state: 'on' | 'off'
  kind: GoodsKind
  deduct: 'placing' | 'paying'
  tags: string[]
  on_sale_from: string | null
  on_sale_until: string | null
  limit_order: number | null
  limit_person: number | null
  limit_days: number | null
  freight_template_id: string | null
  form: FormField[]
  terms: Record<string, unknown>
}

/** What somebody is still writing about goods; `base_version` 0: they do not exist yet. */
export interface ProductDraft {
  product_id: string
  doc: ProductAsked
  rev: number
  base_version: number
  title: string
  staff_name: string
  updated_at: string
  discarded_at: string | null
}

export type GoodsDraftLine = Omit<ProductDraft, 'doc' | 'rev'>

export interface ProductGroup {
  id: string
  name: string
  position: number
  by_rule: boolean
  tags: string[]
  categories: string[]
  products: number
}

export interface ChangeOutcome {
  id: string
  title: string
  done: boolean
  code: string
  zh: string
  en: string
  before_fen: number | null
  after_fen: number | null
}

export interface Changed {
  outcomes: ChangeOutcome[]
  done: number
  refused: number
  token: string
}

export interface Product extends ProductAsked {
  id: string
  sold: number
  version: number
}

export interface ProductRow {
  id: string
  title: string
  category_id: string | null
  picture: Picture | string | null
  price_fen: number
  price_max_fen?: number
  stock: number
  sold?: number
  variants?: number
  state: 'on' | 'off'
  kind?: GoodsKind
  tags?: string[]
  on_sale_from?: string | null
  on_sale_until?: string | null
  member_price_fen?: number | null
  updated_at?: string
}

export interface Category {
  id: string
  name: string
  position: number
  products?: number
}

export interface Coupon {
  id: string
  name: string
  minus_fen: number
  min_spend_fen: number
  total: number
  per_person: number
  valid_days: number
  state: string
  claimed?: number
  used?: number
  kind: 'minus' | 'percent'
  percent: number
  scope: { kind: 'all' | 'products' | 'categories' | 'tags'; ids: string[]; without?: string[] }
  stacks_with: string[]
  claim_from: string | null
  claim_until: string | null
}

export interface SceneCode {
  id: string
  name: string
  scene: string
  permanent: boolean
  coupon_id?: string | null
  url: string | null
  svg: string | null
  counts: { scans: number; follows: number }
  created_at?: string
  expires_at?: string | null
  days?: number
}

export interface CodeLimits {
  permanent: number
  left: number
}

/** A spreadsheet of goods that was brought in. */
export interface GoodsSheet {
  id: string
  state: 'checking' | 'checked' | 'applying' | 'done' | 'unreadable' | 'dropped'
  name: string
  rows: number
  products: number
  good: number
  done: number
  refused: number
  skip_bad: boolean
  problem: { code: string; zh: string; en: string } | null
  staff_name: string
  asked_at: string
  ended_at: string | null
  tally: Record<string, number>
}

export interface GoodsSheetItem {
  nth: number
  id: string
  title: string
  rows: number[]
  state: 'good' | 'bad' | 'same' | 'done' | 'refused'
  fresh: boolean
  problems: { row: number; field: string; zh: string; en: string }[]
  changes: { row: number; field: string; before: string; after: string }[]
}
