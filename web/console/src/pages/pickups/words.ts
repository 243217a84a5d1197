import { words, type Pair } from '@/lib/words'
import type { Tone } from '@/ui/Tag.vue'

export const t = words({
  title: ['自提单', 'Pickups'], hint: ['顾客到店自提的订单，今日已核销 {n} 单', 'Goods that wait in the shop; {n} handed out today'], all: ['全部', 'All'], states: ['自提状态', 'State'], search: ['自提码或订单号', 'Code or order number'],
  goods: ['商品', 'Goods'], code: ['自提码', 'Code'], state: ['状态', 'State'], until: ['保留至', 'Kept until'], order: ['订单', 'Order'], buyer: ['顾客', 'Customer'], paid: ['付款', 'Paid'], pieces: ['共 {n} 件', '{n} {n?item|items}'], ever: ['一直保留', 'For ever'], taken: ['{t} 已取走', 'Taken {t}'],
  none: ['还没有自提单', 'No pickups yet'], noneText: ['在店铺设置里开启到店自提，顾客付款后自提单会出现在这里。', 'Offer pickup in the shop settings; paid orders appear here.'], goShop: ['去设置自提', 'Set pickup up'],
  pickupAt: ['自提信息', 'Pickup'], place: ['自提点', 'Place'], verified: ['核销时间', 'Verified'], notYet: ['尚未核销', 'Not yet'],
  extend: ['延期', 'Keep for longer'], extendTitle: ['延长自提保留时间', 'Keep the goods for longer'], extendText: ['自提码继续有效，顾客会看到新的截止时间。从今天起算，到当天 24:00 为止。', 'The code stays good and the customer sees the new end: midnight of the last day, counted from today.'], more: ['再保留', 'From today'], days: ['天', 'days'], save: ['确认延期', 'Extend'], back: ['取消', 'Cancel'], extended: ['已延期', 'Extended'],
  over: ['已逾期未取。可以延期，或为订单退款（退款后商品回到货架）。', 'Nobody came in time. Keep the goods for longer, or refund the order, and they are back on the shelf.'],
})
export const PICKUP_STATE: Record<string, Pair> = { waiting: ['待自提', 'To pick up'], verified: ['已自提', 'Picked up'], expired: ['逾期未取', 'Overdue'], refunded: ['已退款', 'Refunded'] }
export const PICKUP_TONE: Record<string, Tone> = { waiting: 'busy', verified: 'good', expired: 'bad', refunded: 'off' }
