import { words, type Pair } from '@/lib/words'
import type { Tone } from '@/ui/Tag.vue'

export const t = words({
  title: ['卡券核销', 'Tickets'], hint: ['电子卡券和到店服务的券码，今日已核销 {n} 次', 'Codes of tickets and services; used {n} {n?time|times} today'], all: ['全部', 'All'], states: ['券码状态', 'State'], search: ['券码、商品名称或订单号', 'Code, goods or order number'],
  goods: ['商品', 'Goods'], code: ['券码', 'Code'], used: ['已用 / 可用', 'Used / good for'], until: ['有效期至', 'Good until'], issued: ['发券时间', 'Issued'], state: ['状态', 'State'],
  none: ['还没有卡券', 'No tickets yet'], noneText: ['在商品里选择“电子卡券”或“到店服务”，顾客付款后券码会自动出现在这里。', 'Goods of the kind ticket or service; codes appear here when they are paid.'], goGoods: ['去添加商品', 'Add goods'],
  take: ['核销', 'Use'], takeTitle: ['核销券码', 'Use a ticket'], times: ['本次核销', 'Use now'], left: ['剩余 {n} 次', '{n} left'], buyer: ['顾客', 'Customer'], order: ['订单', 'Order'], log: ['核销记录', 'Uses'], undo: ['撤销', 'Undo'], undoAsk: ['撤销这次核销？', 'Take this use back?'], undoText: ['券码会恢复可用，撤销会留下记录。', 'The code is good again; the record stays.'], undone: ['已撤销', 'Taken back'], done: ['核销成功', 'Used'], noLog: ['还没有核销过', 'Not used yet'], back: ['关闭', 'Close'],
})
export const TICKET_STATE: Record<string, Pair> = { valid: ['可用', 'Good'], used: ['已用完', 'Used up'], expired: ['已过期', 'Expired'], refunded: ['已退款', 'Refunded'] }
export const TICKET_TONE: Record<string, Tone> = { valid: 'good', used: 'plain', expired: 'off', refunded: 'off' }
