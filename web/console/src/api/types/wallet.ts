/** Stored value: offers, wallets, what is owed in all; statements of the books. */
export interface RechargeOffer {
  id: string
  pay_fen: number
  bonus_fen: number
  state: 'on' | 'off'
}

export interface WalletRow {
  id: string
  nickname: string | null
  principal_fen: number
  bonus_fen: number
  named_at: string | null
  opened_at: string
}

export interface WalletReport {
  people: number
  principal_fen: number
  bonus_fen: number
  held_fen: number
  since: string
  moved: { kind: string; times: number; principal_fen: number; bonus_fen: number }[]
  agrees: boolean
  above: number
  bearer_most_fen: number
  named_most_fen: number
  return_days: number
  sources: string[]
  filing_zh: string
  filing_en: string
}

export interface RechargeRow {
  id: string
  pay_fen: number
  bonus_fen: number
  principal_left_fen: number
  bonus_left_fen: number
  returned_fen: number
  opened_at: string
  paid_at: string | null
  returnable_until: string | null
}

export interface FanWallet {
  nickname: string
  balance_fen: number
  principal_fen: number
  bonus_fen: number
  named: boolean
  most_fen: number
  recharges: RechargeRow[]
  returns: { id: string; amount_fen: number; state: string; asked_at: string; reason: string; by_shop: boolean }[]
}

export interface WalletMove {
  id: string
  kind: string
  principal_fen: number
  bonus_fen: number
  principal_after_fen: number
  bonus_after_fen: number
  note: string
  at: string
}

export interface Statement {
  account: string
  opening_fen: number
  debit_fen: number
  credit_fen: number
  closing_fen: number
  moved: { kind: string; other: string; times: number; debit_fen: number; credit_fen: number }[]
}
