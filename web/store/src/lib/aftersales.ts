// After-sales: what the API says, and its words.
import type { Picture } from '@shared/api'
import { translator } from '@shared/t'
import { lang } from './env'

export type Kind = 'refund_only' | 'return_and_refund' | 'exchange' | 'seller_initiated'
export interface Choices {
  sent: boolean; why_not: string; kinds: Kind[]
  lines: { line_id: string; left: number; worth_fen: number[]; returns: boolean; no_reason: boolean; there: number; gifts: string[] }[]
  reasons: { code: string; zh: string; en: string; kinds: Kind[]; pictures: boolean; no_reason: boolean }[]
}
export interface CaseLine { line_id: string; product_id: string; title: string; options: string[]; picture: Picture | null; quantity: number; amount_fen: number; wanted: string[] }
export interface CaseCard {
  id: string; number: string; order_id: string; order_number: string; kind: Kind; state: string; reason_zh: string; reason_en: string; words: string
  lines: CaseLine[]; amount_fen: number; freight_fen: number; offer_fen: number | null; asked_at: string; left_seconds: number | null; ended_because: string
}
export interface CaseEntry { id: string; at: string; actor: 'buyer' | 'merchant' | 'provider' | 'clock'; what: string; words: string; pictures: Picture[]; data: { amount_fen?: number; company?: string; number?: string; condition?: string; for?: string } }
export interface Case extends CaseCard {
  pictures: Picture[]; return_to: { name: string; phone: string; address: string; note?: string } | null; parcel_company: string; parcel_number: string; track: { events: { at: string; text: string }[] } | null
  ruled_for: string | null; ruling: string; refund_state: string | null; refunded_at: string | null; entries: CaseEntry[]
}

export const a = translator({
  title: ['退款/售后', 'Refunds & returns'], cases: ['售后申请', 'Cases'], ask: ['申请售后', 'Ask for a refund or return'], askTitle: ['申请售后', 'After-sales'], none: ['还没有售后记录', 'No cases yet'], noneTip: ['在订单详情里可以申请售后', 'Ask from the page of an order'], number: ['售后单 {n}', 'Case {n}'],
  refund_only: ['仅退款', 'Refund only'], return_and_refund: ['退货退款', 'Return & refund'], exchange: ['换货', 'Exchange'], seller_initiated: ['商家退款', 'By the shop'],
  refund_only_tip: ['未收到货，或与商家协商无需退货', 'Nothing arrived, or nothing has to go back'], return_and_refund_tip: ['已收到货，退回商品后退款', 'Send the goods back, then be refunded'], exchange_tip: ['已收到货，退回后换一件', 'Send the goods back for another'],
  kind: ['售后类型', 'What do you want?'], which: ['选择商品', 'Which goods'], left: ['可申请 {n} 件', '{n} can be asked for'], withGifts: ['全部退回时，赠品“{g}”需一并寄回', 'The gift {g} goes back with the last of these'], noReason: ['支持七天无理由', '7-day return'], noNoReason: ['不支持七天无理由', 'No 7-day return'], reason: ['原因', 'Reason'], pick: ['请选择原因', 'Choose a reason'], say: ['说明', 'More'], sayHint: ['补充说明，最多 500 字', 'Up to 500 characters'], shots: ['凭证（最多 9 张）', 'Pictures (up to 9)'], need: ['请上传凭证', 'Pictures are needed'], photo: ['添加照片', 'Add a photo'], drop: ['移除照片', 'Remove'], amount: ['预计退款', 'To be refunded'], amountTip: ['运费是否退还以提交后的金额为准', 'Freight, where it goes back, is added when you send'], wanted: ['想换成', 'Instead'], same: ['同款', 'The same'], send: ['提交申请', 'Send'], sent: ['申请已提交', 'Sent'],
  why_not_paid: ['订单未付款或已关闭，不能申请售后', 'Not paid, or closed'], why_too_late: ['已超过可申请售后的时间', 'The time for this is over'], why_nothing_left: ['没有可申请的商品：已退款或正在售后中', 'Nothing left: refunded, or in a case already'], mine: ['查看售后记录', 'See my cases'],
  asked: ['等待商家处理', 'The shop has to answer'], agreed: ['请寄回商品', 'Send the goods back'], returning: ['等待商家收货', 'On its way back'], received: ['商家已收货', 'The shop has it'], replaced: ['换货已发出', 'Replacement on its way'], refunding: ['退款中', 'Refund under way'], refused: ['商家已拒绝', 'The shop said no'], arbitration: ['平台介入中', 'The platform decides'], done: ['已完成', 'Done'], withdrawn: ['已撤销', 'Withdrawn'], closed: ['已关闭', 'Closed'],
  askedThen: ['{t} 内未处理将自动同意', 'Agreed by itself in {t}'], agreedThen: ['请在 {t} 内寄回，逾期自动关闭', 'Send within {t}, or it is closed'], returningThen: ['{t} 内未验收将自动退款', 'Refunded by itself in {t}'], receivedThen: ['{t} 内未处理将自动退款', 'Refunded by itself in {t}'], replacedThen: ['{t} 后自动确认收货', 'Counts as received in {t}'], refusedThen: ['如有异议，请在 {t} 内申请平台介入', 'Call the platform within {t} if you disagree'], dh: ['{d} 天 {h} 小时', '{d} d {h} h'], hm: ['{h} 小时 {m} 分', '{h} h {m} min'],
  refundAmount: ['退款金额', 'Refund'], backWay: ['原路退回', 'The way you paid'], order: ['订单', 'Order'], story: ['协商记录', 'Story'], returnTo: ['退货地址', 'Send to'], copy: ['复制', 'Copy'], copied: ['已复制', 'Copied'], parcel: ['退货物流', 'Return parcel'], fill: ['填写物流单号', 'Say how you sent it'], change: ['修改物流单号', 'Change the number'], company: ['快递公司', 'Carrier'], parcelNo: ['快递单号', 'Number'], save: ['提交', 'Save'], withdraw: ['撤销申请', 'Withdraw'], sure: ['撤销后可重新申请，确定撤销吗？', 'Withdraw this? You can ask again.'], call: ['申请平台介入', 'Call the platform'], callWhy: ['说明情况，平台会查看双方记录', 'What happened? The platform reads both sides'], got: ['确认收到换货', 'I have it'], offered: ['商家提议退款 {m}，你同意吗？', 'The shop offers {m}. Do you agree?'], yes: ['同意', 'Agree'], no: ['不同意', 'No'], message: ['给商家留言', 'Write to the shop'], messageHint: ['补充说明，最多 500 字', 'Up to 500 characters'], post: ['发送', 'Send'], freight: ['含运费 {m}', '{m} freight in it'],
  buyer: ['我', 'Me'], merchant: ['商家', 'Shop'], provider: ['平台', 'Platform'], clock: ['系统', 'By itself'], settledAt: ['{t} 已到账', 'Settled {t}'], step1: ['提交申请', 'Asked'], step2: ['商家处理', 'Answered'], step3: ['寄回商品', 'Sent back'], step4: ['退款', 'Refund'], step4x: ['换货', 'Exchange'], step5: ['完成', 'Done'],
  w_asked: ['提交申请', 'Asked'], w_agreed: ['同意申请', 'Agreed'], w_given_in: ['改为同意', 'Agreed after all'], w_refused: ['拒绝申请', 'Refused'], w_goods_refused: ['拒绝验收', 'Refused the goods'], w_sent: ['已寄回', 'Sent back'], w_checked_in: ['已验收', 'Checked in'], w_replaced: ['已补发', 'Replacement sent'], w_promised: ['发起退款', 'Refund under way'], w_settled: ['退款到账', 'Refunded'], w_finished: ['换货完成', 'Exchanged'], w_withdrawn: ['撤销申请', 'Withdrew'], w_called: ['申请平台介入', 'Called the platform'], w_ruled: ['平台裁定', 'Ruled'], w_expired: ['超时关闭', 'Closed, time was up'], w_overtaken: ['已另行退款', 'Refunded another way'], w_offered: ['提议金额', 'Offered'], w_offer_taken: ['同意提议金额', 'Took the offer'], w_offer_left: ['未同意提议金额', 'Left the offer'], w_said: ['留言', 'Message'],
}, () => lang.value)

/** "2 天 3 小时": how long something is still open; empty once it is over. */
export function left(seconds: number | null): string {
  const minutes = Math.floor((seconds ?? 0) / 60)
  if (minutes <= 0) return ''
  const hours = Math.floor(minutes / 60)
  return hours >= 24 ? a('dh', { d: Math.floor(hours / 24), h: hours % 24 }) : a('hm', { h: hours, m: minutes % 60 })
}

/** The steps of a kind of case, and how many of them are behind. */
export function steps(one: CaseCard): { names: string[]; done: number } {
  const back = one.kind === 'return_and_refund' || one.kind === 'exchange'
  const names = [a('step1'), a('step2'), ...(back ? [a('step3')] : []), a(one.kind === 'exchange' ? 'step4x' : 'step4'), a('step5')]
  const at: Record<string, number> = { asked: 1, arbitration: 1, refused: 2, agreed: 2, returning: 3, received: 3, replaced: names.length - 1, refunding: names.length - 1, done: names.length }
  return { names, done: at[one.state] ?? 0 }
}
