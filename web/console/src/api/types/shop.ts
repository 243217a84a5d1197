/** The shop, its pages, its words to followers. */
import type { PageDoc } from '@shared/blocks'
import type { Picture } from './goods'

export interface Shop {
  name: string
  logo_id: string | null
  logo?: Picture | null
  notice: string
  phone: string
  privacy_text: string
  theme: string
}

export interface Freight {
  flat_fen: number
  free_over_fen: number | null
}

export interface Pickup {
  enabled: boolean
  place: string
  address: string
  hours: string
  phone: string
  /** So many days goods are kept once they are paid; 0: for ever. */
  days: number
}

export interface LocalDelivery {
  enabled: boolean
  regions: string[]
  fee_fen: number
  minimum_fen: number
  free_over_fen: number | null
  windows: string[]
}

export interface HomePage {
  rev: number
  doc: PageDoc
  resolved?: { media?: Record<string, Picture> } | null
  updated_at?: string
}

export interface Welcome {
  enabled: boolean
  text: string
  link_title: string
  coupon_id: string | null
}

export type MenuKind =
  | 'view' | 'click' | 'miniprogram' | 'scancode_push' | 'scancode_waitmsg' | 'pic_sysphoto' | 'pic_photo_or_album' | 'pic_weixin'
  | 'location_select' | 'media_id' | 'view_limited' | 'article_id' | 'article_view_limited'
export interface MenuButton {
  name: string
  type: MenuKind | null
  url?: string | null
  key?: string | null
  reply?: string | null
  appid?: string | null
  page_path?: string | null
  media_id?: string | null
  article_id?: string | null
  sub_buttons: MenuButton[]
}
/** A menu for some people: with a tag of WeChat's, on a kind of phone (1 iOS, 2 Android, 3 other). */
export interface MenuSpecial {
  id: string
  name: string
  tag_id: number | null
  platform: number | null
  buttons: MenuButton[]
}
export interface Menu {
  buttons: MenuButton[]
  special: MenuSpecial[]
  changed?: boolean
  published_at?: string | null
}
export interface MenuLine {
  change: 'added' | 'removed' | 'changed' | 'moved'
  menu: string
  name: string
  before: string
  after: string
}
export interface MenuComparison {
  on: boolean
  lines: MenuLine[]
  special: number
}
export interface MenuEdition {
  id: string
  made_at: string
  menus: { buttons: MenuButton[]; special: MenuSpecial[] }
}

export interface Overview {
  today: Figures
  yesterday: Figures
  days: { date: string; orders: number; paid_fen: number; new_fans: number }[]
  todo: Record<'to_ship' | 'to_deliver' | 'to_pick_up' | 'pickups_expired' | 'refunds_stuck' | 'after_sales' | 'differences' | 'low_stock', number>
  setup: { key: string; done: boolean }[]
}
/** What waits for somebody, as the menu counts it. */
export type Waiting = Record<'orders' | 'after_sales' | 'refunds' | 'differences' | 'shares' | 'payouts' | 'low_stock', number>
export interface Figures {
  orders: number
  paid_fen: number
  new_fans: number
  refund_fen: number
  visitors?: number
}
