/** Authorization in full: permission gaps, own accounts, settings at WeChat; the provider's platforms. */
export interface PermissionSet {
  id: number
  zh: string
  en: string
  granted: boolean
  needed: boolean
  exclusive: boolean
}
export interface PermissionGap {
  feature: string
  zh: string
  en: string
  set_id: number
  set_zh: string
  set_en: string
  basic: boolean
  exclusive: boolean
}
export interface PermissionGaps {
  appid: string | null
  authorized_at: string | null
  gaps: PermissionGap[]
}
export interface Permissions {
  appid: string
  mode: 'component' | 'own'
  sets: PermissionSet[]
  gaps: PermissionGap[]
  to_ask: number[]
  as_of: string
}
export type CallbackMode = 'safe' | 'compatible' | 'plain'
export interface OwnAccount {
  appid: string | null
  url: string | null
  callback_mode: CallbackMode | null
  verified_at: string | null
}
export interface OwnKeys {
  appid: string
  url: string
  token: string
  aes_key: string
  callback_mode: CallbackMode
}
export interface OwnCheck {
  step: 'secret' | 'ip' | 'server' | 'push'
  state: 'done' | 'missing' | 'unknown'
  zh: string
  en: string
}
export interface AccountOption {
  name: string
  value: string
  values: string[]
}
export interface ComponentNotice {
  id: string
  kind: string
  appid: string
  status: number | null
  message: string
  data: Record<string, string>
  at: string
}
export interface ReleaseAnswer {
  id: string
  appid: string
  question: 'text' | 'api' | 'event'
  state: 'sending' | 'answered' | 'failed'
  error: string
  at: string
}
export interface ComponentHistory {
  notices: ComponentNotice[]
  release_test: ReleaseAnswer[]
}
export interface ComponentAccount {
  appid: string
  merchant_id: string | null
  authorized_at: string | null
  known: 'both' | 'only_wechat' | 'only_here'
}
export interface ComponentListing {
  total: number
  items: ComponentAccount[]
}
