// Words and shapes of stored value; only the wallet, the checkout's switch and an order's refunds load them.
import type { Fen } from '@shared/money'
import { translator } from '@shared/t'
import { lang } from './env'

export interface Offer { id: string; pay_fen: Fen; bonus_fen: Fen; state: string }
export interface Recharge {
  id: string; state: 'open' | 'paid'; pay_fen: Fen; bonus_fen: Fen; principal_left_fen: Fen; bonus_left_fen: Fen; returned_fen: Fen
  opened_at: string; paid_at: string | null; returnable_until: string | null
}
export interface Return { id: string; recharge_id: string; amount_fen: Fen; state: string; asked_at: string }
export interface Wallet {
  balance_fen: Fen; principal_fen: Fen; bonus_fen: Fen; named: boolean; most_fen: Fen; named_most_fen: Fen; return_days: number
  offers: Offer[]; recharges: Recharge[]; returns: Return[]
}
export interface Move { id: string; kind: string; principal_fen: Fen; bonus_fen: Fen; principal_after_fen: Fen; bonus_after_fen: Fen; at: string }

const words = {
  'title': ['我的余额', 'My balance'], 'principal': ['本金', 'Paid'], 'bonus': ['赠送', 'Given'], 'balance': ['账户余额（元）', 'Balance (yuan)'],
  'recharge': ['充值', 'Top up'], 'gives': ['送 {m}', 'get {m}'], 'plain': ['无赠送', 'no gift'], 'pay': ['立即充值 {m}', 'Top up {m}'], 'wait': ['处理中…', 'One moment…'],
  'done': ['充值成功', 'Topped up'], 'late': ['已付款，到账稍有延迟', 'Paid; it will be there in a moment'],
  'moves': ['余额明细', 'What moved'], 'left': ['余额 {m}', 'Balance {m}'], 'moves.none': ['还没有余额变动', 'Nothing has moved yet'], 'more': ['查看更多', 'Show more'],
  'k.recharge': ['充值', 'Topped up'], 'k.hold': ['下单支付', 'Paid an order'], 'k.release': ['订单关闭退回', 'Order closed'], 'k.refund': ['订单退款', 'Order refunded'], 'k.return': ['储值退款', 'Returned'],
  'lots': ['可退款的充值', 'Top-ups you can return'], 'lot': ['{day} 充值 {m}', '{m} on {day}'], 'lot.left': ['剩余本金 {m}，{until} 前可自行退款', '{m} left; return it until {until}'],
  'back': ['退款', 'Return'], 'back.ask': ['退回本金 {m}，剩余赠送 {b} 将作废。款项原路退回微信支付。', '{m} goes back the way it was paid; {b} that was given is void.'], 'back.done': ['已申请退款，到账后会显示', 'Asked for; it shows here when it is back'],
  'returns': ['储值退款', 'Returns'], 's.asked': ['退款中', 'On its way'], 's.settled': ['已退回', 'Returned'], 's.stalled': ['商家处理中', 'With the shop'], 's.closed': ['商家处理中', 'With the shop'],
  'rules': ['未登记姓名的账户余额最多 {most}；储值后 {days} 天内未使用的本金可随时退回。', 'An account without a name holds at most {most}. What is left can be returned within {days} days.'],
  'name': ['姓名', 'Name'], 'phone': ['手机号', 'Phone'], 'named.title': ['登记后可储值到 {m}', 'Say who you are to hold up to {m}'], 'save': ['保存', 'Save'],
  'use': ['使用余额', 'Use the balance'], 'have': ['可用 {m}', '{m} there'], 'due': ['微信支付', 'Through WeChat'], 'by': ['余额支付', 'From the balance'],
  'why': ['退款金额怎么来的', 'How it was reckoned'], 'ways': ['退款去向', 'Where it goes'], 'refunds': ['退款记录', 'Refunds'], 'refunds.none': ['还没有退款', 'No refunds yet'], 'refunds.tip': ['商家退款后，进度会显示在这里', 'When the shop refunds you, it shows here'],
  'r.asked': ['退款中', 'On its way'], 'r.settled': ['退款成功', 'Refunded'], 'r.stalled': ['退款遇到问题，商家正在处理', 'Held up; the shop is on it'], 'r.closed': ['退款遇到问题，商家正在处理', 'Held up; the shop is on it'],
  'step1': ['商家已退款', 'Refunded by the shop'], 'step2': ['退款处理中', 'Being handled'], 'step2.stuck': ['商家处理中', 'With the shop'], 'step3': ['已到账', 'Arrived'], 'soon': ['退回零钱实时到账，退回银行卡一般 1-3 个工作日', 'To the WeChat balance at once; to a bank card within 1 to 3 working days'],
  'order': ['订单 {n}', 'Order {n}'],
} as const

export const p = translator(words, () => lang.value)
