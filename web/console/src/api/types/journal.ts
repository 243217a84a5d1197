/** What passed between WeChat and an account, how healthy the connection is, and what its quotas have left. */
export type ErrorKind = 'retry' | 'heal' | 'ask' | 'give_up'
export interface JournalLine {
  id: string
  at: string
  direction: 'in' | 'out'
  appid: string
  openid: string | null
  name: string
  state: string
  errcode: number
  rid: string | null
  latency_ms: number | null
  times: number
  kind: ErrorKind | null
  zh: string | null
  en: string | null
}
export interface JournalWhole {
  line: JournalLine
  request: string
  answer: string
  replay: 'effects' | 'again' | ''
  why_zh: string | null
  why_en: string | null
}
export interface Replayed {
  outcome: 'effects' | 'done_before' | 'asked_again'
  answer: string
}
export interface TokenHealth {
  kind: 'authorizer' | 'own' | 'jsapi' | 'component'
  refreshed_at: string | null
  refresh_at: string | null
  expires_at: string | null
  last_error: string | null
  failed_at: string | null
  healthy: boolean
}
export interface AccountNews {
  at: string
  event: string
  expires_at: string | null
  tone: 'good' | 'warn' | 'bad'
  zh: string
  en: string
}
export interface WechatHealth {
  appid: string
  state: 'authorized' | 'withdrawn'
  way_back: 'authorize' | null
  tokens: TokenHealth[]
  refresh_tokens: { version: number; source: 'grant' | 'refresh' | 'recovery'; at: string }[]
  refreshes: JournalLine[]
  last_callback: JournalLine | null
  last_call: JournalLine | null
  calls_today: number
  failed_today: number
  errors: { errcode: number; count: number; last_at: string; kind: ErrorKind; zh: string; en: string }[]
  news: AccountNews[]
}
export interface ApiUsage {
  api: string
  zh: string
  en: string
  used: number
  limit: number | null
  per_minute: number | null
  refused: number
  resting_until: string | null
  source: string | null
  read_on: string | null
  told: boolean
}
export interface Quotas {
  appid: string
  items: ApiUsage[]
  clears_left: number
}
export interface WechatAlarm {
  kind: string
  appid: string
  since: string
  zh: string
  en: string
}
export interface Recovery {
  component: string
  dry_run: boolean
  listed: number
  kept: number
  recovered: number
  nobodys: number
  gone: number
  items: { appid: string; merchant_id: string | null; outcome: 'recovered' | 'nobodys' | 'gone' }[]
}
