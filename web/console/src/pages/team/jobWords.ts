/** What a job's work is about, for people who do not know our names of it. */
import type { Pair } from '@/lib/words'

const AREA: Record<string, Pair> = {
  aftersales: ['售后', 'After-sales'], applyments: ['商户号申请', 'Merchant number'], archive: ['图文', 'Articles'], articles: ['图文', 'Articles'], broadcasts: ['群发', 'Mass send'], campaigns: ['营销', 'Campaigns'],
  conversations: ['客服会话', 'Conversations'], fans: ['粉丝', 'Fans'], fulfilment: ['发货与核销', 'Fulfilment'], insights: ['数据分析', 'Insights'], materials: ['素材', 'Materials'], messages: ['消息', 'Messages'], moving: ['整店导出', 'Export'],
  notices: ['订单通知', 'Order notices'], payments: ['支付与资金', 'Payments'], presales: ['预售', 'Presales'], registering: ['小程序注册', 'Registrations'], reminding: ['到期提醒', 'Reminders'], search: ['搜索', 'Search'], sheets: ['商品表格', 'Goods by sheet'],
  stocks: ['库存', 'Stock'], storefront: ['店铺页面', 'Store pages'], tenancy: ['账号', 'Accounts'], trade: ['订单', 'Orders'], wallet: ['储值', 'Stored value'], wechat: ['公众号连接', 'WeChat connection'],
}
export const areaOf = (kind: string): Pair | undefined => AREA[kind.split('.')[0] ?? '']
