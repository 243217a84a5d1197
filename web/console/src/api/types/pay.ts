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
