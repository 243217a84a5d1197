// Words about tickets, codes and bundles, and what their terms promise; only the pages that need them load them.
import type { Ticket, Terms } from '@shared/api'
import { translator } from '@shared/t'
import { lang } from './env'

const words = {
  'title': ['我的卡券', 'My tickets'], 'valid': ['可使用', 'Usable'], 'ended': ['已结束', 'Ended'], 'none': ['这里还没有卡券', 'No tickets here'], 'none.tip': ['购买电子卡券或到店服务后，券码会出现在这里', 'Codes of tickets and services you buy appear here'],
  'codes': ['券码', 'Codes'], 'show': ['出示给店员扫码核销', 'Show it to the staff'], 'left': ['剩余 {n} / {m} 次', '{n} of {m} left'], 'until': ['有效期至 {day}', 'Good until {day}'], 'open': ['查看券码', 'Show the code'], 'close': ['收起', 'Hide'], 'from': ['{day} 起可用', 'good from {day}'],
  'state.used': ['已用完', 'Used up'], 'state.expired': ['已过期', 'Expired'], 'state.refunded': ['已退款', 'Refunded'], 'order': ['查看订单', 'See the order'],
  'cards': ['卡密', 'Codes'], 'reveal': ['查看卡密', 'Show the codes'], 'reveal.sure': ['查看后卡密视为已使用，一般不能再退款。确定查看吗？', 'Once shown, codes count as used and are usually not refunded. Show them?'], 'cards.wait': ['商家正在补充卡密，到货后会自动发给你', 'The shop is adding codes; yours will come by itself'], 'copied': ['已复制', 'Copied'],
  'promise': ['购买须知', 'Good to know'], 'p.days': ['购买后 {n} 天内有效', 'Valid {n} {n?day|days} from purchase'], 'p.range': ['有效期 {from} 至 {until}', 'Valid {from} to {until}'], 'p.until': ['有效期至 {until}', 'Valid until {until}'], 'p.uses': ['每张可用 {n} 次', '{n} {n?use|uses} each'], 'p.closed': ['{days} 不可用', 'Not on {days}'], 'p.hours': ['每天 {hours} 不可用', 'Not at {hours}'],
  'r.anytime': ['未使用随时退，过期也可退', 'Refundable any time while unused, even expired'], 'r.unexpired': ['未使用且未过期可退', 'Refundable while unused and not expired'], 'r.never': ['售出不退', 'Not refundable'], 'r.unseen': ['查看卡密前可退', 'Refundable until the code is shown'],
  'ship.ticket': ['付款后发电子券，到店出示', 'E-ticket when paid, shown in the shop'], 'ship.service': ['付款后发核销码，到店使用', 'A code when paid, used in the shop'], 'ship.virtual': ['付款后自动发卡密', 'A code when paid'], 'inside': ['套装包含', 'In the bundle'],
  'w1': ['周一', 'Mon'], 'w2': ['周二', 'Tue'], 'w3': ['周三', 'Wed'], 'w4': ['周四', 'Thu'], 'w5': ['周五', 'Fri'], 'w6': ['周六', 'Sat'], 'w7': ['周日', 'Sun'],
  'form': ['请填写', 'Please fill in'], 'form.choose': ['请选择', 'Choose'], 'form.missing': ['请填写“{name}”', 'Please fill in “{name}”'], 'nothing.sent': ['无需收货地址', 'No address needed'],
} as const

export type KindWord = keyof typeof words
export const k = translator(words, () => lang.value)

/** What a kind's terms promise, one sentence each. */
export function promises(kind: string | undefined, terms: Terms = {}): string[] {
  const said: string[] = []
  if (kind === 'ticket' || kind === 'service') {
    if (terms.days) said.push(k('p.days', { n: terms.days }))
    else if (terms.from_day && terms.until_day) said.push(k('p.range', { from: terms.from_day, until: terms.until_day }))
    else if (terms.until_day) said.push(k('p.until', { until: terms.until_day }))
    if ((terms.uses ?? 1) > 1) said.push(k('p.uses', { n: terms.uses! }))
    if (terms.closed_weekdays?.length) said.push(k('p.closed', { days: terms.closed_weekdays.map((one) => k(`w${one}` as KindWord)).join('、') }))
    if (terms.closed_hours?.length) said.push(k('p.hours', { hours: terms.closed_hours.map((span) => span.join('-')).join('、') }))
    said.push(k(`r.${terms.refund ?? 'unexpired'}` as KindWord))
  }
  if (kind === 'virtual') said.push(k(`r.${terms.refund ?? 'unseen'}` as KindWord))
  if (terms.note) said.push(terms.note)
  return said
}

/** One line under a ticket: until when, or what became of it. */
export function standing(one: Ticket, day: (iso: string) => string): string {
  if (one.state !== 'valid') return k(`state.${one.state}` as KindWord)
  return Date.parse(one.valid_from) > Date.now() ? k('from', { day: day(one.valid_from) }) : k('until', { day: day(new Date(Date.parse(one.valid_until) - 1000).toISOString()) })
}
