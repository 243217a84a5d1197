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
  stock: number
  sku_code: string
  picture_id?: string | null
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
