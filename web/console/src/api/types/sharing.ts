/** Profit sharing: who gets a part of what is paid, and what was shared of each payment. */
export interface SharingReceiver {
  id: string
  kind: 'MERCHANT_ID' | 'PERSONAL_OPENID' | 'PERSONAL_SUB_OPENID'
  account: string
  name_shown: string
  relation: string
  custom_relation: string
  label: string
  purpose: 'platform_fee' | 'partner'
  per_myriad: number
  base: 'paid' | 'net'
  state: 'adding' | 'active' | 'refused' | 'removing' | 'removed'
  problem: string
  added_at: string
}

export interface SharingCounts { stuck: number; not_returned: number; waiting: number; owed: number }

export interface Sharing {
  enabled: boolean
  hold_days: number
  max_per_myriad: number
  most_hold_days: number
  held_days: number
  usual_per_myriad: number
  mode: '' | 'direct' | 'partner'
  sub_mode: boolean
  receivers: SharingReceiver[]
  counts: SharingCounts
}

export interface ShareReturn {
  id: string
  refund_id: string
  amount_fen: number
  state: 'asked' | 'failed' | 'returned' | 'left'
  problem: string
  tries: number
  asked_at: string
  ended_at: string | null
}

export interface Share {
  id: string
  label: string
  account: string
  purpose: 'platform_fee' | 'partner'
  per_myriad: number
  base: 'paid' | 'net'
  amount_fen: number
  state: 'open' | 'paid' | 'failed' | 'dropped'
  problem: string
  asked_back_fen: number
  returned_fen: number
  left_fen: number
  paid_at: string | null
  returns: ShareReturn[]
}

export interface Split {
  id: string
  order_id: string
  order_number: string
  state: 'waiting' | 'splitting' | 'stuck' | 'releasing' | 'done'
  problem: string
  paid_fen: number
  base_fen: number | null
  unwound_fen: number
  due_at: string
  held_until: string
  opened_at: string
  ended_at: string | null
  shares: Share[]
  /** Shares that came back for a refund which WeChat then closed. */
  owed: SharesOwed[]
}

export interface SharesOwed {
  refund_id: string
  amount_fen: number
  problem: string
  whose: string[]
}
