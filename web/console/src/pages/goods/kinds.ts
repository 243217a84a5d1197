/** What each kind of goods needs to know, in words, and how new goods of a kind begin. */
import type { GoodsKind, Visits } from '@/api/types'
import { words } from '@/lib/words'

export const KINDS: GoodsKind[] = ['physical', 'ticket', 'service', 'virtual', 'bundle']
/** Nobody sets the stock of these by hand. */
export const COUNTED_ELSEWHERE: GoodsKind[] = ['virtual', 'bundle']

export function termsOf(kind: GoodsKind): Record<string, unknown> {
  if (kind === 'ticket') return { days: 90, uses: 1, refund: 'unexpired' } satisfies Visits
  if (kind === 'service') return { days: 90, refund: 'unexpired' } satisfies Visits
  if (kind === 'virtual') return { refund: 'unseen' }
  return kind === 'bundle' ? { parts: [] } : {}
}

export const t = words({
  kind: ['商品类型', 'Kind'], kindText: ['类型决定怎样交付给顾客；卖出后不能再改。', 'The kind decides how customers get them; once sold it stays.'],
  physical: ['实物商品', 'Goods'], ticket: ['电子卡券', 'E-ticket'], service: ['到店服务', 'Service'], virtual: ['虚拟卡密', 'Virtual, codes'], bundle: ['组合套装', 'Bundle'],
  physicalText: ['快递发货或到店自提。', 'Sent by parcel or picked up.'], ticketText: ['付款后自动发券，顾客到店出示券码核销，可设使用次数。', 'Issued when paid; shown and used at the counter, once or several times.'], serviceText: ['付款后生成核销码，一个码可核销所购的份数。', 'A code when paid, good for as many as were bought.'], virtualText: ['付款后自动发卡密，库存就是未发出的卡密数量。', 'A code is given when paid; the stock is the codes nobody has.'], bundleText: ['几样商品一起卖，库存取其中最少的一样。', 'Several goods sold as one; as many as the scarcest allows.'],
  valid: ['有效期', 'Valid'], byDays: ['购买后若干天', 'So many days from purchase'], byRange: ['固定日期', 'Fixed dates'], days: ['天', 'days'], daysLabel: ['有效天数', 'Days valid'], fromDay: ['开始日期', 'From'], untilDay: ['结束日期', 'Until'], untilHint: ['包含结束当天；结束后自动停售。', 'The last day included; not sold after it.'],
  uses: ['可用次数', 'Uses'], usesHint: ['次卡填大于 1，例如 10 次洗车卡填 10。', 'More than 1 for multi-visit cards.'], closed: ['不可用日期', 'Not on'], closedHours: ['不可用时段', 'Not at'], addHours: ['添加时段', 'Add hours'], dropHours: ['删除时段 {n}', 'Remove hours {n}'],
  w1: ['周一', 'Mon'], w2: ['周二', 'Tue'], w3: ['周三', 'Wed'], w4: ['周四', 'Thu'], w5: ['周五', 'Fri'], w6: ['周六', 'Sat'], w7: ['周日', 'Sun'],
  refund: ['退款规则', 'Refunds'], anytime: ['未使用随时退，过期也可退', 'Unused: any time, even expired'], unexpired: ['未使用且未过期可退', 'Unused and not expired'], never: ['售出不退', 'No refunds'], unseen: ['未查看卡密可退', 'Until the code was looked at'], refundHint: ['顾客下单前就能看到；商家始终可以在订单里选择“仍然退款”。', 'Shown before purchase; the merchant can still refund anyway.'],
  unlimited: ['不限份数', 'No limit'], unlimitedHint: ['不限时不再计库存。', 'Stock is not counted then.'], note: ['使用说明', 'How to use'], noteHint: ['显示在商品页和券码下方', 'Shown on the product page and below the code'],
  parts: ['套装内容', 'In the bundle'], addPart: ['搜索并添加商品', 'Search and add goods'], quantity: ['数量', 'Quantity'], dropPart: ['移除 {n}', 'Remove {n}'], needParts: ['请至少添加一样商品', 'Add at least one'], variantOf: ['规格', 'Variant'], partGone: ['商品已不在', 'No longer there'], worth: ['分开买 {v}', 'Apart {v}'], noVariants: ['套装只有一个价格，不分规格。', 'A bundle has one price and no options.'],
  codes: ['卡密', 'Codes'], codesLater: ['创建商品后即可导入卡密。', 'Create the goods first, then add codes.'], free: ['可售 {n} 个', '{n} free'], given: ['已发 {n} 个', '{n} given'], import: ['导入卡密', 'Add codes'], manage: ['查看卡密', 'See codes'], paste: ['每行一个卡密，卡号和密码可写在同一行。', 'One code a line; number and password may share it.'], file: ['选择 CSV 或文本文件', 'Choose a CSV or text file'], lines: ['{n} 行', '{n} {n?line|lines}'], twice: ['其中重复 {n} 行', '{n} twice'], tooMany: ['一次最多 10,000 行，请分批导入', 'At most 10,000 at once'], put: ['导入', 'Add'], cancel: ['取消', 'Cancel'], added: ['新增 {n} 个卡密', '{n} {n?code|codes} added'], known: ['新增 {n} 个，跳过已存在或重复的 {m} 个', '{n} added, {m} known already or twice'], sealed: ['卡密加密保存，只有买家能看到全文。', 'Codes are encrypted; only their buyer reads them.'],
  state: ['状态', 'State'], hint: ['末尾字符', 'Ends in'], addedAt: ['导入时间', 'Added'], givenAt: ['发出时间', 'Given'], seenAt: ['查看时间', 'Seen'], order: ['订单', 'Order'], seeOrder: ['查看订单', 'See the order'], all: ['全部', 'All'], s_free: ['可售', 'Free'], s_given: ['已发出', 'Given'], s_void: ['已作废', 'Void'], withdraw: ['作废', 'Withdraw'], withdrawAsk: ['作废末尾为 {h} 的卡密？', 'Withdraw the code ending in {h}?'], withdrawText: ['它不会再发给任何人，库存减一。', 'Nobody will get it; the stock is one less.'], withdrawn: ['已作废', 'Withdrawn'], none: ['还没有卡密', 'No codes yet'], noneText: ['导入卡密后商品即可售卖，付款后自动发给买家。', 'With codes the goods can be sold; each is given when paid.'], back: ['返回商品', 'Back to the goods'],
})
