import { words } from '@/lib/words'
export const s = words({
  title: ['资金结算', 'Settlements'], hint: ['微信支付账户每天收了多少、扣了多少、结算到银行多少', 'What WeChat Pay took in, took off and paid out, by day'], month: ['月份', 'Month'], prev: ['上个月', 'Earlier month'], next: ['下个月', 'Later month'],
  day: ['日期', 'Day'], income: ['收款', 'Income'], refunds: ['退款', 'Refunds'], fees: ['手续费', 'Fees'], paid_out: ['结算到银行', 'Paid out'], shared: ['分账', 'Shared'], other: ['充值、付款等', 'Top-ups, pay-outs, other'], closing: ['日终结余', 'Held at the end'],
  now_billed: ['微信账户（最近账单）', 'Held, by the last bill'], now_booked: ['微信账户（账本，此刻）', 'Held, by our books now'], now_refunds: ['其中退款在途', 'Of it, refunds on their way'],
  about: ['账单次日上午才出，所以两个数字相差今天的收退款。提现只在资金账单里出现，出账后自动记入账本。', 'Bills come next morning, so the two differ by today’s money. Payouts are known from the bill alone and are booked from it.'],
  none: ['这个月还没有资金账单', 'No fund-flow bills this month'], noneText: ['有了第一笔微信支付收款后，次日上午就能看到。', 'The morning after the first payment they show here.'],
})
