// What the simulator's control plane answers, as far as the phone reads it.

export interface Person { id: string; nickname: string; avatar: string; color: string }
export interface Bubble {
  id: string; seq: number; appid: string; who: 'person' | 'account' | 'system'; kind: string
  content: Record<string, any>; at: number; via: string
}
export interface Button {
  name: string; type?: string; key?: string; url?: string; appid?: string; pagepath?: string; sub_button?: Button[]
}
export interface Chat {
  appid: string; openid: string; nick_name: string; head_img: string; user_name: string; signature: string
  subscribed: boolean; menu: { button: Button[] } | null; at: number; messages: Bubble[]
}
export interface Account {
  appid: string; nick_name: string; head_img: string; user_name: string; signature: string; kind: string
  principal_name: string; verify_type: number; service_type: number
}
export interface Code { text: string; ticket: string; scene: string; appid: string; nick_name: string; head_img: string }
export interface Scanned {
  kind: 'account' | 'pay' | 'url' | 'text'; appid?: string; ticket?: string; subscribed?: boolean; url?: string; text?: string
}
export interface Place {
  name: string; phone: string; province: string; city: string; county: string; detail: string; postal_code: string
}
export interface Wallet {
  balance_fen: number; password: string; card: string; lines: { at: number; fen: number; title: string; number: string }[]
}
export interface Given {
  result: 'open' | 'ok' | 'fail'; err_msg: string | null; message: string
  merchant?: string; shows?: string; remark?: string; amount_fen?: number; packet?: boolean
}
export interface Till {
  result: 'open' | 'ok' | 'fail' | 'wrong_password' | 'insufficient' | 'lost'; err_msg: string | null; message: string
  merchant?: string; description?: string; total_fen?: number
}
export type News =
  | { kind: 'chat'; appid: string; message: Bubble }
  | { kind: 'follow' | 'unfollow' | 'account'; appid: string }
  | { kind: 'open'; url: string }
  | { kind: 'typing'; appid: string; on: boolean }
  | { kind: 'end' }
export interface ShareCard { title: string; desc: string; link: string; image: string }
/** What a page asks to send, and what its button hears when nothing is asked. */
export interface Prompt { nick_name: string; head_img: string; templates: { id: string; title: string; example: string; long: boolean }[] }
export interface Heard { event: 'success' | 'error'; detail: Record<string, string> }
