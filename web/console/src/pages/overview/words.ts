import { words, type Pair } from '@/lib/words'

export const t = words({
  title: ['概览', 'Overview'], today: ['今天', 'Today'], paid: ['支付金额', 'Paid'], orders: ['支付订单', 'Paid orders'], fans: ['新增粉丝', 'New fans'], refunds: ['退款金额', 'Refunded'],
  yesterday: ['昨日 {v}', 'Yesterday {v}'], todo: ['待处理', 'To do'], chart: ['近 30 天', 'Last 30 days'], none: ['都处理完了', 'All clear'],
  setup: ['开店准备', 'Set up your shop'], setupText: ['完成下面几步，顾客就能在微信里下单。', 'After these steps customers can order inside WeChat.'], steps: ['已完成 {n} / {all}', '{n} of {all} done'], go: ['去完成', 'Do it'],
  byPaid: ['支付金额', 'Paid'], byOrders: ['订单', 'Orders'], byFans: ['新粉丝', 'New fans'], metric: ['图表指标', 'Chart metric'],
  sum: ['30 天合计 {v}', '30 days: {v}'], latest: ['最新订单', 'Latest orders'], all: ['查看全部', 'See all'], noOrder: ['还没有订单', 'No orders yet'], noOrderText: ['把店铺链接或二维码发给第一位顾客试试。', 'Send the store link or a QR code to your first customer.'],
})

export const TODO: { key: 'to_ship' | 'to_deliver' | 'to_pick_up' | 'pickups_expired' | 'refunds_stuck' | 'after_sales' | 'differences' | 'low_stock'; label: Pair; to: string }[] = [
  { key: 'to_ship', label: ['待发货', 'To ship'], to: '/orders?state=to_ship' },
  { key: 'to_deliver', label: ['待配送', 'To deliver'], to: '/orders?state=to_deliver' },
  { key: 'to_pick_up', label: ['待自提', 'To pick up'], to: '/orders?state=to_pick_up' },
  { key: 'pickups_expired', label: ['逾期未取', 'Not picked up'], to: '/pickups?state=expired' },
  { key: 'after_sales', label: ['待处理售后', 'After-sales'], to: '/after-sales' },
  { key: 'refunds_stuck', label: ['退款异常', 'Refunds stuck'], to: '/refunds?state=abnormal' },
  { key: 'differences', label: ['对账差异', 'Bill differences'], to: '/reconciliation' },
  { key: 'low_stock', label: ['库存不足', 'Low stock'], to: '/products?state=low' },
]

export const SETUP: Record<string, { label: Pair; text: Pair; to: string }> = {
  account: { label: ['授权公众号', 'Authorize your Official Account'], text: ['扫码一次，消息、菜单和网页登录即可使用', 'One scan enables messages, menu and log-in'], to: '/wechat' },
  pay: { label: ['配置微信支付', 'Set up WeChat Pay'], text: ['上传商户密钥，用 1 分钱测试收款和退款', 'Upload keys, test with one fen and a refund'], to: '/pay' },
  shop: { label: ['填写店铺资料', 'Fill in the shop settings'], text: ['名称、标志、运费、自提点和隐私说明', 'Name, logo, freight, pickup and privacy text'], to: '/shop' },
  products: { label: ['上架第一件商品', 'Put the first goods on the shelf'], text: ['图片、规格、价格和库存', 'Pictures, variants, prices and stock'], to: '/products' },
  home: { label: ['装修首页', 'Lay out the home page'], text: ['摆放轮播图、商品和优惠券', 'Banners, goods and coupons in your order'], to: '/home' },
  welcome: { label: ['设置关注欢迎语', 'Write the welcome reply'], text: ['新粉丝收到的第一条消息', 'The first message a new fan gets'], to: '/welcome' },
  code: { label: ['做第一个渠道二维码', 'Make the first QR code'], text: ['贴在收银台，顾客一扫就关注', 'On the counter: one scan and they follow'], to: '/codes' },
}
