import { words, type Pair } from '@/lib/words'
import type { Tone } from '@/ui/Tag.vue'
export const t = words({
  collect: ['收款', 'Take payment'], payments: ['付款记录', 'Payments'], showQr: ['显示收款码', 'Show a QR code'], scanMe: ['请用微信扫一扫付款', 'Scan with WeChat to pay'], until: ['有效期至 {t}', 'Good until {t}'],
  code: ['付款码', 'Payment code'], codeHint: ['扫顾客的付款码（18 位数字）', 'Scan the customer’s code (18 digits)'], take: ['收款', 'Take'], byHand: ['登记线下收款', 'Record money taken by hand'], noTries: ['还没有人付款', 'Nobody has tried to pay yet'],
  waiting: ['等待顾客付款，页面会自动更新', 'Waiting for the customer; this updates by itself'], callOff: ['取消这次收款', 'Call it off'], calledOff: ['已取消，可换其他方式收款', 'Called off; take it another way'], arrived: ['已收到付款', 'The payment has arrived'],
  tookBy: ['{who} 登记收款', 'Taken by {who}'], gaveBy: ['{who} 登记退款', 'Given back by {who}'], toReturn: ['待线下退还', 'To give back by hand'], toTake: ['应收', 'Due'], returned: ['登记已退还', 'Record it as returned'],
  handTitle: ['登记线下收款', 'Money taken by hand'], returnTitle: ['登记线下退款', 'Money given back by hand'], method: ['方式', 'How'], note: ['说明（必填）', 'Why (required)'], noteHint: ['例如：顾客没带手机，付了现金', 'For example: no phone at hand, paid in cash'], record: ['登记', 'Record'], cancel: ['取消', 'Cancel'], kept: ['已登记', 'Recorded'],
})
export const WAY: Record<string, Pair> = { jsapi: ['微信内支付', 'In WeChat'], native: ['扫码支付', 'By QR code'], h5: ['手机浏览器支付', 'In a browser'], micropay: ['付款码收款', 'By payment code'], offline: ['线下收款', 'By hand'] }
export const TRY_STATE: Record<string, Pair> = { active: ['待付款', 'Open'], closed: ['已关闭', 'Closed'], paid: ['已付款', 'Paid'], stray: ['多付，已自动退回', 'Paid twice, given back'] }
export const TRY_TONE: Record<string, Tone> = { active: 'busy', closed: 'off', paid: 'good', stray: 'warn' }
export const METHOD: Record<string, Pair> = { cash: ['现金', 'Cash'], transfer: ['转账', 'Transfer'], other: ['其他', 'Other'] }
