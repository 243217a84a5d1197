/** Pay-outs: what may be sent, and what became of it. */
export interface PayoutReport { type: string; en: string; hint_zh: string; hint_en: string }
export interface PayoutReason { key: string; zh: string; en: string; shows: string; packet: boolean; reports: PayoutReport[] }

export interface PayoutChoices {
  least_fen: number
  most_fen: number
  day_fen: number
  left_today_fen: number
  packet_most_fen: number
  name_from_fen: number
  remark_most: number
  report_most: number
  people_most: number
  taken_within_hours: number
  booked_fen: number
  held_fen: number
  reasons: PayoutReason[]
  sources: string[]
  grant: PayoutGrant
}

/** Under a service provider a merchant lets it give its money away first. */
export interface PayoutGrant {
  needed: boolean
  state: '' | 'asked' | 'invited' | 'passed' | 'rejected' | 'expired' | 'canceled'
  at: string | null
}

export type PayoutState = 'promised' | 'sent' | 'stalled' | 'waiting' | 'taking' | 'canceling' | 'paid' | 'failed' | 'expired' | 'canceled'

export interface PayoutRow {
  id: string
  round_id: string | null
  fan_id: string
  nickname: string | null
  avatar: string | null
  face: 'transfer' | 'red_packet'
  reason: string
  origin: string
  amount_fen: number
  remark: string
  state: PayoutState
  problem: string
  wx_state: string
  wx_bill_no: string | null
  promised_at: string
  expires_at: string | null
  ended_at: string | null
  staff_name: string | null
  named: boolean
  why_zh: string
  why_en: string
}
