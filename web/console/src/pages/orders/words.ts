import { words, type Pair } from '@/lib/words'
import type { Tone } from '@/ui/Tag.vue'

export const t = words({
  title: ['订单', 'Orders'], hint: ['新订单会自动出现，无需刷新', 'New orders appear by themselves'], all: ['全部', 'All'], states: ['订单状态', 'Order state'],
  search: ['订单号、姓名、手机号、商品', 'Number, name, phone, goods'], from: ['开始日期', 'From'], to: ['结束日期', 'To'],
  number: ['订单', 'Order'], goods: ['商品', 'Goods'], buyer: ['买家', 'Buyer'], state: ['状态', 'State'], total: ['实付', 'Total'], placed: ['下单时间', 'Placed'], delivery: ['配送', 'Delivery'],
  none: ['还没有订单', 'No orders yet'], noneText: ['商品上架后，把渠道二维码贴到店里，或把店铺链接发到朋友圈。', 'With goods on the shelf, put up a QR code or share the store link.'], makeCode: ['做一个渠道二维码', 'Make a QR code'],
  items: ['共 {n} 件', '{n} {n?item|items}'], anonymous: ['微信用户', 'WeChat user'], express: ['快递', 'Express'], local: ['商家配送', 'By the shop'], pickup: ['到店自提', 'Pickup'], noDelivery: ['无需配送', 'Nothing to send'],
  parts: ['交付进度', 'Handing over'], f_express: ['快递', 'Parcel'], f_local: ['商家配送', 'By the shop'], f_pickup: ['自提', 'Pickup'], f_ticket: ['卡券', 'Tickets'], f_service: ['服务', 'Service'], f_virtual: ['卡密', 'Codes'], codeGiven: ['卡密 ···{h}', 'Code ···{h}'], codeSeen: ['买家于 {t} 查看', 'Seen {t}'], codeUnseen: ['买家尚未查看', 'Not looked at yet'], usedOf: ['已用 {n} / {m}', '{n} of {m} used'], form: ['下单填写', 'Order form'],
  lines: ['商品明细', 'Items'], unit: ['单价', 'Price'], qty: ['数量', 'Qty'], paidPart: ['实付分摊', 'Paid share'], shipped: ['已发 {n}', '{n} shipped'], refunded: ['已退 {n}', '{n} refunded'],
  money: ['金额说明', 'Money, line by line'], ruleAndShares: ['规则与分摊', 'Rule and shares'], nthLine: ['第 {n} 行', 'Line {n}'], timeline: ['订单动态', 'Timeline'], receiver: ['收货信息', 'Receiver'],
  charge: ['支付信息', 'Payment'], outNo: ['商户单号', 'Our number'], wxNo: ['微信支付单号', 'WeChat Pay number'], paidAt: ['支付时间', 'Paid at'], remark: ['买家留言', 'Buyer says'], memo: ['内部备注', 'Internal memo'], memoSave: ['保存备注', 'Save memo'], memoHint: ['只有员工能看到', 'Only staff see it'],
  shipments: ['物流', 'Shipments'], parcelNo: ['包裹 {n}', 'Parcel {n}'], slip: ['装箱单', 'Slip'], stillToSend: ['待发 {n}', '{n} to send'], shipRest: ['继续发货', 'Ship the rest'], boxOnly: ['未记录内件', 'Contents not recorded'], setOut: ['出发配送', 'Set out'], arrived: ['确认送达', 'Delivered'], arrivedAsk: ['确认已送到顾客手中？', 'Was it handed to the customer?'], arrivedText: ['订单会完成，不能撤销。', 'The order will be complete; this cannot be undone.'], arrivedDone: ['已送达，订单完成', 'Delivered; the order is complete'], bringing: ['商家配送', 'Delivery by the shop'], hour: ['送达时间', 'When'], courier: ['配送员', 'Courier'], sentAt: ['出发时间', 'Set out at'], broughtAt: ['送达时刻', 'Delivered at'], refunds: ['退款记录', 'Refunds'], ship: ['发货', 'Ship'], refund: ['退款', 'Refund'], give: ['主动退款', 'Give back'], cancel: ['关闭订单', 'Cancel order'], copyAddress: ['复制收货信息', 'Copy address'],
  cancelAsk: ['关闭这个未付款的订单？', 'Cancel this unpaid order?'], cancelText: ['库存会释放，买家将不能再付款。', 'Stock is released and the buyer can no longer pay.'], cancelled: ['订单已关闭', 'Order cancelled'],
  more: ['更多筛选', 'More filters'], anyDelivery: ['全部配送方式', 'Any delivery'], none_delivery: ['无需配送', 'Nothing to send'], anyRefund: ['退款不限', 'Refunds or not'], refund_none: ['无退款', 'No refund'], refund_any: ['有退款', 'With refund'], refund_part: ['部分退款', 'Part refunded'], refund_all: ['全额退款', 'Fully refunded'],
  amount: ['实付金额（元）', 'Total (yuan)'], least: ['最低', 'At least'], most: ['最高', 'At most'], onlyCoupon: ['用了优惠券', 'With a coupon'], onlyNoted: ['有留言或备注', 'With a remark or memo'], reset: ['重置', 'Reset'], apply: ['筛选', 'Apply'],
  views: ['常用视图', 'Saved views'], keepView: ['保存为视图', 'Save this view'], viewName: ['视图名称', 'Name of the view'], viewHint: ['保存当前的状态、关键词和筛选（不含日期），下次一点就到。', 'Keeps state, words and filters (not the dates) for one click.'], viewAsk: ['给视图起个名字，如“大额待发货”', 'Name it, such as “big orders to ship”'], forAll: ['全店员工可见', 'Everybody in the shop sees it'], viewKept: ['视图已保存', 'View saved'], dropView: ['删除视图“{n}”？', 'Delete the view “{n}”?'], dropViewText: ['只删除视图，订单不受影响。', 'Orders stay as they are.'], dropped: ['视图已删除', 'View deleted'], remove: ['删除', 'Delete'], save: ['保存', 'Save'], quit: ['取消', 'Cancel'],
  bySheet: ['批量发货', 'Ship by sheet'], exportAll: ['导出', 'Export'], exportHint: ['按当前筛选导出 CSV 表格，每个商品一行，最多 10 万单', 'CSV of what is filtered, a row for each line, up to 100,000 orders'],
  pickAll: ['全选本页', 'Pick all shown'], pickOne: ['选择订单 {n}', 'Pick order {n}'], chosen: ['已选 {n} 单', '{n} chosen'], unpick: ['取消选择', 'Unpick'], bulkCancel: ['关闭未付款订单', 'Cancel unpaid'], bulkMemo: ['写备注', 'Write a memo'], bulkCancelAsk: ['关闭选中的 {n} 个订单？', 'Cancel the {n} chosen orders?'], bulkCancelText: ['只关闭待付款的订单并释放库存；其余订单会列出原因，不受影响。', 'Only unpaid ones are cancelled; of the others you are told why not.'], bulkMemoText: ['会替换这些订单原有的备注。', 'Replaces the memos these orders have.'], bulkDone: ['已处理 {n} 单', '{n} {n?order|orders} done'], bulkSome: ['{n} 单未处理', '{n} {n?order was|orders were} not done'], gotIt: ['知道了', 'Got it'], tooManyChosen: ['一次最多 100 单', 'At most 100 at a time'],
  name: ['姓名', 'Name'], phone: ['手机', 'Phone'], address: ['地址', 'Address'], back: ['订单列表', 'Orders'], fan: ['查看粉丝档案', 'See the fan'],
})

export const ORDER_STATE: Record<string, Pair> = {
  unpaid: ['待付款', 'Unpaid'], deposit: ['待付尾款', 'Balance to pay'], paid: ['已付款', 'Paid'], shipped: ['已发货', 'Shipped'], completed: ['已完成', 'Completed'], closed: ['已关闭', 'Closed'],
  to_ship: ['待发货', 'To ship'], part_sent: ['部分发货', 'Partly shipped'], to_deliver: ['待配送', 'To deliver'], to_pick_up: ['待自提', 'To pick up'], pickup_over: ['逾期未取', 'Overdue'], to_use: ['待使用', 'To be used'],
}
const TONES: Record<string, Tone> = { unpaid: 'warn', deposit: 'warn', paid: 'busy', to_ship: 'busy', part_sent: 'busy', to_deliver: 'busy', to_pick_up: 'busy', pickup_over: 'bad', to_use: 'busy', shipped: 'plain', completed: 'good', closed: 'off' }
export const orderTone = (state: string): Tone => TONES[state] ?? 'plain'

/** What a paid order is waiting for; the person should see which. */
export function waitingFor(order: { state: string; delivery: string; refund?: string; part_sent?: boolean; pickup_over?: boolean }) {
  if (order.part_sent && order.state === 'paid') return 'part_sent'
  if (order.state !== 'paid' || order.refund === 'all') return order.state
  if (order.pickup_over) return 'pickup_over'
  return ({ none: 'to_use', pickup: 'to_pick_up', local: 'to_deliver' } as Record<string, string>)[order.delivery] ?? 'to_ship'
}

export const PART_STATE: Record<string, Pair> = { waiting: ['待交付', 'Owed'], sent: ['已发货', 'Sent'], done: ['已交付', 'Handed over'], dropped: ['已退款', 'Refunded'] }
export const PART_TONE: Record<string, Tone> = { waiting: 'busy', sent: 'plain', done: 'good', dropped: 'off' }

export const REFUND_MARK: Record<string, Pair> = { part: ['部分退款', 'Part refunded'], all: ['已全额退款', 'Fully refunded'] }

export const REFUND_STATE: Record<string, Pair> = {
  requested: ['已申请', 'Requested'], asked: ['处理中', 'On its way'], stalled: ['退款异常', 'Stuck'], sent: ['微信处理中', 'At WeChat'], settled: ['已到账', 'Settled'], abnormal: ['退款异常', 'Stuck'], closed: ['已关闭', 'Closed'],
}
export const REFUND_TONE: Record<string, Tone> = { requested: 'busy', asked: 'busy', stalled: 'bad', sent: 'busy', settled: 'good', abnormal: 'bad', closed: 'off' }

export const PAY_STATE: Record<string, Pair> = {
  open: ['未支付', 'Not paid'], closing: ['正在关闭', 'Closing'], pending: ['待支付', 'Pending'], created: ['待支付', 'Pending'], paid: ['已支付', 'Paid'], closed: ['已关闭', 'Closed'], refunded: ['已退款', 'Refunded'],
}

