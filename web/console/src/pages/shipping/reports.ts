/** What WeChat is told of shipping, where it holds the money until it was. */
import { words, type Pair } from '@/lib/words'
import type { Tone } from '@/ui/Tag.vue'

export interface ShippingReport {
  id: string
  order_id: string
  order_number: string
  state: 'due' | 'sent' | 'refused'
  code: number
  words: string
  to_do_zh: string
  to_do_en: string
  stale: boolean
  correctable: boolean
  sent_at: string | null
}
export interface ReportSetting {
  enabled: boolean
  refused: ShippingReport[]
}
export interface TrackingAccount {
  customer: string
  key_print: string
  enabled: boolean
  problem: string
}
export const STATE: Record<ShippingReport['state'], Pair> = { due: ['上传中', 'Under way'], sent: ['已上传', 'Reported'], refused: ['被拒绝', 'Refused'] }
export const TONE: Record<ShippingReport['state'], Tone> = { due: 'busy', sent: 'good', refused: 'bad' }
export const t = words({
  title: ['微信发货信息', 'Shipping told to WeChat'], text: ['特定小程序的货款会被微信冻结，录入发货信息后才结算。开启后，订单全部发出（或自提核销、虚拟商品付款）时自动上传；每笔支付只能更正一次。', 'WeChat holds the money of some mini programs until it is told how goods were shipped. Switched on, an order is reported by itself once all of it is on its way; each payment can be corrected once.'],
  on: ['自动上传发货信息', 'Report shipping by itself'], checked: ['已开启', 'On'], off: ['已关闭', 'Off'], none: ['没有被微信拒绝的记录', 'Nothing was refused'], again: ['重试', 'Try again'], correct: ['更正（仅一次）', 'Correct (once)'], sent: ['已重新提交', 'Sent again'], order: ['订单 {n}', 'Order {n}'],
  stale: ['包裹有变化，微信显示的还是之前的单号。', 'The parcels changed; WeChat still shows the earlier ones.'], correctAsk: ['用掉唯一一次更正？', 'Use the one correction?'], correctText: ['每笔支付微信只接受一次更正，提交后不能再改。', 'WeChat takes one correction of each payment.'], corrected: ['更正机会已用完', 'The correction was used'],
})
