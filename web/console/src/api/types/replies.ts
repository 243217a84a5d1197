/** Automatic replies, as the API says them. */
export type Trigger = 'follow' | 'keyword' | 'tap' | 'scan' | 'default'
export interface ReplyWord {
  how: 'exact' | 'contains' | 'pattern'
  text: string
}
export interface ReplyWindow {
  from_time: string | null
  to_time: string | null
  weekdays: number[]
  from_date: string | null
  to_date: string | null
}
export type ReplyMessage =
  | { kind: 'text'; text: string }
  | { kind: 'image'; picture_id: string }
  | { kind: 'voice'; material_id: string; name?: string }
  | { kind: 'video'; material_id: string; title: string; description: string }
  | { kind: 'music'; title: string; url: string; picture_id: string; description: string }
  | { kind: 'news'; title: string; description: string; url: string; picture_id: string | null }
  | { kind: 'product'; product_id: string }
  | { kind: 'coupon'; coupon_id: string }
  | { kind: 'mini_program'; title: string; appid: string; page_path: string; picture_id: string }
  | { kind: 'article'; article_id: string; title: string }
  | { kind: 'mpnews'; media_id: string; title: string }
  | { kind: 'wxcard'; card_id: string; title: string }
  | { kind: 'choices'; head: string; choices: ReplyChoice[]; tail: string }
  | { kind: 'transfer'; kf_account: string }
/** A line to tap; `then` answers it, or its text is taken as a sentence. */
export interface ReplyChoice {
  id: string
  text: string
  then: string
}
export interface ReplyRule {
  id: string
  name: string
  trigger: Trigger
  enabled: boolean
  position: number
  words: ReplyWord[]
  keys: string[]
  windows: ReplyWindow[]
  messages: ReplyMessage[]
  updated_at?: string
}
export interface Replies {
  items: ReplyRule[]
  synonyms: string[][]
  welcome_on: boolean
}
export interface TakenOver {
  made: number
  known: number
  left: { name: string; zh: string; en: string }[]
}
export interface Tried {
  by: 'rule' | 'welcome' | 'menu' | 'nothing'
  rule_id: string | null
  steps: { rule_id: string; name: string; fits: boolean; zh: string; en: string }[]
  messages: { how: 'at_once' | 'custom'; msgtype: string; shown: string; content: Record<string, unknown>; picture_id: string | null }[]
  gift: boolean
}
