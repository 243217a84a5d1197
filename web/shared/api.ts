// Shapes of the store API (prefix /api/store/{shop}), by hand until they are generated from the OpenAPI document.
// Amounts are fen, times are ISO 8601 UTC, ids are UUIDs.
import type { PageDoc } from './blocks'
import type { Fen } from './money'

/** `url` is `/media/{merchant}/{sha}/{width}.webp`; the width in it may be replaced by any of `widths`. */
export interface Picture { id: string; url: string; width: number; height: number; widths?: number[] }
export interface Listing<T> { items: T[]; next?: string | null }
export interface Problem { type?: string; title: string; status: number; code: string; detail?: string; [more: string]: unknown }

export interface PickupPlace { enabled: boolean; place: string; address: string; hours: string; phone: string; days?: number }
export interface Shop {
  name: string; slug?: string; logo: Picture | null; notice: string; phone?: string; theme: string | { color?: string } | null
  privacy_version: string; privacy_text?: string; pickup: PickupPlace | null
  /** Whether the shop's own people bring goods, and on which terms. */
  local?: LocalWay | null
  /** Whether one can pay ahead here. */
  wallet?: boolean
  /** Whether the shop has given people money through WeChat. */
  payouts?: boolean
  /** What is on as the page is opened: flash prices, whether members have prices of their own, whether there is more to ask for. */
  deals?: { flash: FlashLabel[]; members: boolean; more: boolean; now: string }
}
export interface Category { id: string; name: string; picture?: Picture | null }
export interface ProductCard {
  id: string; title: string; subtitle?: string; picture: Picture | null; price_fen: Fen; market_price_fen?: Fen | null; sold_out?: boolean; sold?: number
  on_sale_from?: string | null; member_price_fen?: Fen | null
}
export interface Variant {
  id: string; options: string[]; price_fen: Fen; market_price_fen?: Fen | null; member_price_fen?: Fen | null; stock: number; picture?: Picture | null
}
export interface Product {
  id: string; title: string; subtitle?: string; category_id?: string | null; pictures: Picture[]; detail: string
  options: { name: string; values: string[] }[]; variants: Variant[]; state: 'on' | 'off'; sold?: number
  kind?: string; terms?: Terms; parts?: BundlePart[]; on_sale_from?: string | null; on_sale_until?: string | null
  limit_order?: number | null; limit_person?: number | null; limit_days?: number | null
}
/** A coupon that can be taken. `mine` is how many of it the person holds (0 when not logged in). */
export interface Coupon {
  id: string; name: string; minus_fen: Fen; min_spend_fen: Fen; valid_days?: number; left?: number | null; mine?: number; per_person?: number; state?: string; percent?: number
}
export interface MyCoupon {
  id: string; coupon_id?: string; name: string; minus_fen: Fen; min_spend_fen: Fen; state: 'unused' | 'held' | 'used' | 'expired'; expires_at: string; percent?: number
}
/** What the blocks of a page refer to: pictures by media id, cards by block id, coupons by coupon id. */
export interface Resolved {
  media: Record<string, Picture>; products: Record<string, ProductCard[]>; coupons: Record<string, Coupon>
}
export interface Home { doc: PageDoc; resolved: Resolved; rev?: number }
export interface Boot {
  shop: Shop; home: Home; res_base: string; appid: string; login_url: string; console_origin?: string
  product?: Product | null; slug?: string
}
export interface Fan { id: string; nickname: string | null; avatar: string | null; has_profile?: boolean }

export interface CartLine {
  variant_id: string; product_id: string; title: string; options: string[]; picture: Picture | null; price_fen: Fen
  quantity: number; selected: boolean; stock: number; state: 'on' | 'off'
}
export interface Cart { lines: CartLine[]; count: number; selected_fen: Fen }

export interface Address {
  id: string; name: string; phone: string; region: string[]; detail: string; is_default: boolean
}
export interface QuoteAsk {
  from: 'cart' | { variant_id: string; quantity: number }; use_balance?: boolean; balance_fen?: Fen; delivery: 'express' | 'local' | 'pickup'; address_id?: string | null; coupon_id?: string | null; best_coupon?: boolean; addons?: Addon[]
}
export interface Addon { promotion_id: string; variant_id: string; quantity: number }
export interface LineReason { kind: string; zh: string; en: string; fen: Fen }
/** A promotion a little more would bring, and what may be added on at a price of its own. */
export interface NearOffer { promotion_id: string; kind: string; zh: string; en: string; short_fen: Fen; short_pieces: number }
export interface AddonOffer { promotion_id: string; variant_id: string; title: string; options: string[]; picture: Picture | null; price_fen: Fen; tag_fen: Fen; most: number }
export interface OfferTag { id: string; kind: string; kind_zh: string; kind_en: string; zh: string; en: string; soon: boolean; members_only: boolean; starts_at: string | null; ends_at: string | null }
export interface FlashPrice { variant_id: string; price_fen: Fen; left: number | null; per_person: number | null; soon: boolean; starts_at: string | null; ends_at: string | null }
export type FlashLabel = FlashPrice & { product_id: string }
export interface Offers { promotions: OfferTag[]; flash: FlashPrice[]; coupons: { id: string; name: string; zh: string; en: string; left: number; mine: number; per_person: number }[]; now: string }
export interface QuoteLine {
  variant_id: string; product_id?: string; title: string; options: string[]; picture: Picture | null; price_fen: Fen; quantity: number; amount_fen?: Fen; paid_fen?: Fen; gift?: boolean; reasons?: LineReason[]
}
export interface QuoteCoupon {
  id: string; name: string; minus_fen: Fen; min_spend_fen: Fen; expires_at?: string; usable: boolean; why?: string | null; terms?: string; percent?: number
}
export interface FormField {
  key: string; name: string; type: 'text' | 'textarea' | 'number' | 'phone' | 'date' | 'select' | 'many'; required: boolean; options: string[]
}
export type FormAnswers = Record<string, string | string[]>
/** What a kind of goods promises. */
export interface Terms {
  days?: number | null; from_day?: string | null; until_day?: string | null; uses?: number; closed_weekdays?: number[]; closed_hours?: [string, string][]; refund?: string; note?: string
  presale?: { deposit_fen: Fen; balance_from: string; balance_until: string; ships_by: string } | null
}
/** What of a presale is paid at once, and the rest from when until when; and, of an order, how the rest stands. */
export interface Deposit { deposit_fen: Fen; balance_fen: Fen; opens_at: string; pay_by: string; ships_by: string }
export type Presale = Deposit & { state: 'owed' | 'closing' | 'paid' | 'missed' | 'dropped' }
export interface Ticket {
  id: string; order_id: string; kind: string; title: string; options: string[]; code: string; qr_svg: string | null; uses: number; used: number
  state: 'valid' | 'used' | 'expired' | 'refunded'; terms?: Terms; valid_from: string; valid_until: string
}
export interface RevealedCode { id: string; line_id: string; code: string }
export interface BundlePart { variant_id: string; product_id: string; title: string; options: string[]; quantity: number; kind: string; picture: Picture | null }
/** Merchant delivery as checkout offers it; `served` is null as long as no address is chosen. */
export interface LocalWay { served: boolean | null; fee_fen: Fen; minimum_fen: Fen; free_over_fen: Fen | null; windows: string[]; zh: string; en: string }
export interface Quote {
  lines: QuoteLine[]; goods_fen: Fen; discount_fen: Fen; freight_fen: Fen; total_fen: Fen; coupons: QuoteCoupon[]
  coupon_id?: string | null; quote_token: string; money?: MoneyLine[]
  /** Told when it was asked for: what the person has, and what of it this order can use. */
  balance?: { principal_fen: Fen; bonus_fen: Fen; use_fen: Fen; due_fen: Fen } | null
  /** Lines that cannot be bought right now, and why. */
  problems?: { variant_id: string; code: string; zh: string; en: string }[]
  /** How the goods travel; "none" when nothing does. And what they ask for. */
  delivery?: 'express' | 'local' | 'pickup' | 'none'; form?: FormField[]; near?: NearOffer[]; addons?: AddonOffer[]; local?: LocalWay | null; deposit?: Deposit | null
}
export type OrderAsk = QuoteAsk & { quote_token: string; expected_total_fen: Fen; remark?: string; form?: FormAnswers; ticket?: string; window?: string }
/** Where an order stands in line: how many are before it, how long it will take, when to ask again, and with what. */
export interface Turn { ticket: string; ahead: number; waiting: number; seconds: number; again_seconds: number }

export type OrderState = 'unpaid' | 'deposit' | 'closing' | 'paid' | 'shipped' | 'completed' | 'closed'
export interface OrderLine {
  id: string; product_id?: string; title: string; options: string[]; picture: Picture | null; price_fen: Fen; quantity: number; refunded_fen?: Fen; refunded_quantity?: number; gift?: boolean; reasons?: LineReason[]; allocation?: { goods_fen: Fen; discount_fen: Fen; paid_fen: Fen }
}
export interface MoneyLine { label_zh: string; label_en: string; fen: Fen; kind: string }
export interface Shipment { id: string; company: string; number: string; shipped_at: string; lines?: { line_id: string; quantity: number }[]; track?: Track | null }
export interface Track { state: string; stage: string; events: { at: string; text: string; stage: string }[]; told_at: string | null; again_at: string | null; problem: string }
export interface RefundView {
  id: string; amount_fen: Fen; state: string; reason?: string; created_at: string; settled_at?: string | null; order_id?: string; order_number?: string
  explanation?: { kind: string; zh: string; en: string; fen: Fen }[]; parts?: { kind: string; zh: string; en: string; amount_fen: Fen; state: string; settled_at?: string | null }[]
}
export interface Order {
  id: string; number: string; state: OrderState; delivery: 'express' | 'local' | 'pickup' | 'none'; refund: 'none' | 'part' | 'all'; part_sent?: boolean; pickup_over?: boolean
  lines: OrderLine[]; total_fen: Fen; tendered_fen?: Fen; money?: MoneyLine[]; remark?: string; address?: (Omit<Address, 'id' | 'is_default'> & { window?: string }) | null
  presale?: Presale | null
  bringing?: { courier: string; phone: string; sent_at: string; delivered_at: string | null } | null
  pickup?: (PickupPlace & { state?: 'waiting' | 'verified' | 'expired' | 'refunded' | null; until?: string | null }) | null; pickup_code?: string | null; pickup_qr_svg?: string | null; picked_up_at?: string | null
  created_at: string; pay_before?: string | null; paid_at?: string | null; shipped_at?: string | null; completed_at?: string | null; closed_at?: string | null
  shipments?: Shipment[]; refunds?: RefundView[]; parts?: { fulfilment: string; state: string }[]; tickets?: Ticket[]; form?: FormAnswers
  codes?: { id: string; line_id: string; hint: string; revealed_at: string | null }[]
}
export interface PayParams { appId: string; timeStamp: string; nonceStr: string; package: string; signType: string; paySign: string }
export interface JsConfig { appId: string; timestamp: number; nonceStr: string; signature: string }
export interface Consent { version: string; accepted: boolean; at?: string | null; text?: string; answered_version?: string | null }
