/** People, merchants, the WeChat account, work in the background. */
export type Role = 'provider' | 'owner' | 'manager' | 'clerk' | 'assistant'

export interface Me {
  staff: { id: string; name: string; role: Role; login: string; has_totp: boolean }
  merchant: { id: string; name: string; slug: string; state: string } | null
  provider: boolean
  public_url: string
}

export interface Totp {
  secret: string
  uri: string
  qr_svg: string
}

/** A log-in that is still good. */
export interface Device {
  id: string
  created_at: string
  expires_at: string
  ip: string
  agent: string
  current: boolean
}

export interface Merchant {
  merchant_id: string
  name: string
  slug: string
  state: string
  created_at: string
}

export interface Component {
  appid: string
  name?: string
  chosen?: boolean
  launch_domain?: string
  ticket_at: string | null
  ticket_ok: boolean
  event_url?: string
  message_url?: string
  authorized?: number
}

export interface Staff {
  id: string
  name: string
  login: string
  role: Role
  state: string
  has_totp: boolean
  created_at: string
}

export interface AuditEntry {
  id: string
  at: string
  staff_id: string | null
  staff_name: string
  action: string
  target: Record<string, unknown>
  request: string
  ip: string
}

export interface Job {
  id: string
  merchant_id: string
  kind: string
  due_at: string
  attempts: number
  last_error: string | null
  parked_at: string | null
}

export interface Worker {
  id: string
  started_at: string
  seen_at: string
  done: number
  failed: number
}

export interface Jobs {
  workers: Worker[]
  late: Job[]
  parked: Job[]
}

export interface WechatPermission {
  id: number
  name: string
  name_en: string
  granted: boolean
  needed: boolean
}

export interface WechatAccount {
  appid: string
  mode?: 'component' | 'own'
  nick_name: string
  head_img: string | null
  service_type: string | number
  verify_type: string | number
  state: string
  authorized_at: string
  permissions: WechatPermission[]
  token: { expires_at: string | null; refreshed_at: string | null; healthy: boolean; last_error: string | null }
}

export interface Callback {
  id?: string
  at: string
  kind: string
  event: string | null
  openid: string | null
  state: string
}

export interface Wechat {
  component: Component | null
  account: WechatAccount | null
  callbacks: Callback[]
}

export interface AuthorizationLink {
  /** Our own page, from which alone WeChat opens its page for computers. */
  launch_url: string
  pc_url: string
  phone_url: string
  phone_qr_svg: string
  expires_at: string
}

export interface Fan {
  id: string
  nickname: string | null
  avatar: string | null
  subscribed: boolean
  followed_at: string | null
  last_seen_at: string | null
  orders: number
  spent_fen: number
  source?: string | null
  remark?: string
  blocked?: boolean
  tags?: { id: string; name: string }[]
}

export interface FanProfile extends Fan {
  openid: string
  unionid?: string | null
  subscribe_scene?: string | null
  elsewhere?: { id: string; appid: string; nickname: string | null; subscribed: boolean }[]
  phone: string | null
  consents: { version: string; accepted: boolean; at: string }[]
  timeline: Happening[]
  recent_orders: { id: string; number: string; state: string; total_fen: number; placed_at: string }[]
}

export interface Happening {
  at: string
  kind: string
  zh: string
  en: string
}
