// Words about presales: a deposit now, the balance in its own time; only the pages that need them load them.
import type { Deposit, Presale, Product } from '@shared/api'
import { money } from '@shared/money'
import { translator } from '@shared/t'
import { lang } from './env'
import { when } from './when'

const words = {
  'title': ['定金预售', 'Presale'], 'deposit': ['定金', 'Deposit'], 'balance': ['尾款', 'Balance'], 'each': ['每件定金 {m}', '{m} deposit each'], 'now': ['现在付定金', 'Deposit, to pay now'], 'later': ['尾款', 'Balance, to pay later'],
  'window': ['尾款支付时间 {from} 至 {until}', 'Pay the balance from {from} to {until}'], 'ships': ['最晚 {day} 发货', 'Sent by {day}'],
  'kept': ['定金支付后不退（商家无法履约除外）；逾期未付尾款，订单关闭，定金不退。', 'The deposit is not returned, unless the shop cannot deliver. When the balance is not paid in time the order closes and the deposit is kept.'],
  'book': ['付定金 {m}', 'Pay {m} deposit'], 'pay': ['同意并付定金', 'Agree and pay the deposit'], 'pay.balance': ['付尾款', 'Pay the balance'], 'wait': ['尾款 {at} 开始支付', 'The balance can be paid from {at}'], 'missed': ['尾款逾期未付，订单已关闭', 'The balance was not paid in time; the order is closed'], 'paid': ['已付', 'Paid'],
} as const

export const p = translator(words, () => lang.value)

/** Say what a presale asks and promises, one sentence each. */
export function promised(one: { opens_at: string; pay_by: string; ships_by: string }): string[] {
  return [p('window', { from: when(one.opens_at), until: when(one.pay_by) }), p('ships', { day: one.ships_by }), p('kept')]
}
/** The same of a product that is sold ahead; nothing of others. */
export function ahead(product: Product): string[] {
  const terms = product.terms?.presale
  return terms ? [p('each', { m: money(terms.deposit_fen) }), ...promised({ opens_at: terms.balance_from, pay_by: terms.balance_until, ships_by: terms.ships_by })] : []
}
export type Due = Deposit | Presale
