/** Conversations with people, and notices of orders. */
export interface Conversation {
  fan_id: string
  last_at: string
  last_text: string
  last_by: 'fan' | 'account'
  unread: number
  nickname: string | null
  avatar: string | null
  remark: string
  subscribed: boolean
  blocked: boolean
}

export interface TalkLine {
  id: string
  at: string
  by: 'fan' | 'account'
  kind: string
  text: string
  about: Record<string, string>
  file: string | null
  file_type: string | null
  state: string
  why: { zh: string; en: string } | null
  outcome: 'delivered' | 'blocked' | 'failed' | null
  channel: string
  staff_id: string | null
  msgtype: string | null
  content: Record<string, unknown>
}

export interface TalkWindow {
  kind: string
  zh: string
  en: string
  until: string
  left: number | null
}

export interface Talk {
  fan_id: string
  openid: string
  nickname: string | null
  avatar: string | null
  remark: string
  subscribed: boolean
  blocked: boolean
  windows: { until: string | null; left: number | null; refusal: number; open: TalkWindow[] }
}

export type NoticeChannel = 'once' | 'subscription' | 'template' | 'custom'

export interface NoticeTemplate {
  template_id: string
  channel: NoticeChannel
  title: string
  content: string
  example: string
  long: boolean
  fields: string[]
  seen_at: string
  people: number
  remaining: number
}

export interface NoticePlan {
  occasion: string
  channel: NoticeChannel
  template_id: string
  fields: Record<string, string>
  enabled: boolean
}

/** When people are reminded, and in which minutes of the day nobody is written to. */
export interface ReminderRules {
  ticket_days: number
  balance_hours: number
  quiet_from: number
  quiet_until: number
}

export interface NoticeOccasion {
  occasion: string
  zh: string
  en: string
  fields: { name: string; zh: string; en: string; example: string }[]
  plans: NoticePlan[]
}

export interface Notices {
  templates: NoticeTemplate[]
  occasions: NoticeOccasion[]
}

/** WeChat's customer-service desk. */
export interface DeskGuest {
  openid: string
  fan_id: string | null
  name: string
  avatar: string | null
}

export interface DeskSeat {
  kf_account: string
  nick: string
  head_url: string
  wechat: string
  invited: string
  invite_status: '' | 'waiting' | 'rejected' | 'expired'
  invite_until: string | null
  online: boolean
  cases: number
}

export interface DeskTalk {
  guest: DeskGuest
  kf_account: string
  since: string
}

export interface Desk {
  seats: DeskSeat[]
  sessions: DeskTalk[]
  waiting: DeskTalk[]
  waiting_count: number
  suffix: string
}

export interface DeskRecord {
  guest: DeskGuest
  at: string
  text: string
  ours: boolean
  worker: string
}

/** The account's industries; "class" and name of each, empty without. */
export interface Industries {
  primary: [string, string]
  secondary: [string, string]
  changed_at: string | null
  free_at: string | null
  may_change: boolean
  choices: { number: string; group: string; name: string }[]
}

export interface ShortKey {
  data: string
  expire_seconds: number
}

/** What a person answered to notices of a template, and to single messages. */
export interface NoticeConsent {
  template_id: string
  title: string
  answer: 'accept' | 'reject' | 'ban'
  remaining: number
  given: number
  used: number
  at: string
}

export interface OnceConsent {
  template_id: string
  zh: string
  en: string
  answer: 'confirm' | 'cancel'
  at: string
  used_at: string | null
}
