/** WeChat Pay settings; keys are written, never read back. */
export interface PayAccount {
  mode: 'direct' | 'partner'
  mchid: string
  sub_mchid: string
  appid: string
  sp_appid: string
  serial: string
  public_key_id: string
  fee_per_myriad: number
}

/** What the server tells besides what one may write. */
export interface PayAccountView extends PayAccount {
  private_key_print: string
  apiv3_key_print: string
  public_key_print: string
  missing: string[]
  notify_url?: string
}

export interface PayTest {
  id: string
  state: string
  code_url: string
  qr_svg: string
  steps: { key: string; state: 'waiting' | 'done' | 'failed' }[]
}

/** How an order is being paid, or was. */
export interface OrderPayments {
  state: string
  amount_fen: number
  pay_by: string | null
  tries: { id: string; way: string; state: string; amount_fen: number; opened_at: string; paid_at: string | null; transaction_id: string | null }[]
  offline: { id: string; direction: 'in' | 'out'; amount_fen: number; method: string; note: string; staff_name: string; at: string }[]
}

export interface PayQr {
  code_url: string
  qr_svg: string
  until: string | null
}
