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

export interface MenuButton {
  name: string
  type: 'view' | 'click' | null
  url?: string | null
  key?: string | null
  reply?: string | null
  sub_buttons: MenuButton[]
}

export interface Menu {
  buttons: MenuButton[]
  published_at?: string | null
}

export interface Overview {
  today: Figures
  yesterday: Figures
  days: { date: string; orders: number; paid_fen: number; new_fans: number }[]
  todo: Record<'to_ship' | 'to_pick_up' | 'refunds_stuck' | 'differences' | 'low_stock', number>
  setup: { key: string; done: boolean }[]
}
export interface Figures {
  orders: number
  paid_fen: number
  new_fans: number
  refund_fen: number
  visitors?: number
}
