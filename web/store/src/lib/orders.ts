// What may be said and done about an order.
import type { Order } from '@shared/api'
import { sure } from './ask'
import { t } from './env'
import { api } from './http'
import type { Word } from './words'

type Seen = Pick<Order, 'state' | 'delivery' | 'refund' | 'part_sent' | 'pickup_over'>

/** The word for an order's state as its buyer sees it. */
export function stateWord(order: Seen): Word {
  if (order.refund === 'all' && order.state !== 'unpaid') return 'state.refunded'
  if (order.state === 'paid' && order.part_sent) return 'state.part_sent'
  if (order.state === 'paid' && order.pickup_over) return 'state.pickup_over'
  if (order.state === 'paid' && order.delivery !== 'express') return `state.paid.${order.delivery}`
  return `state.${order.state}`
}

/** One sentence under the state. */
export function tip(order: Seen): string {
  if (order.state === 'unpaid' || order.refund === 'all') return ''
  if (order.state === 'paid' && order.part_sent) return t('order.tip.part_sent')
  if (order.state === 'paid' && order.pickup_over) return t('order.code.over')
  return t(order.state === 'paid' && order.delivery !== 'express' ? `order.tip.${order.delivery}` : `order.tip.${order.state}`)
}

/** "482173061234" -> "4821 7306 1234": a code that is read aloud. */
export const grouped = (code: string): string => code.replace(/(\d{4})(?=\d)/g, '$1 ')

/** Ask, then cancel; true when it was done. */
export async function cancel(id: string): Promise<boolean> {
  if (!(await sure('order.cancel.sure'))) return false
  await api('PUT', `/orders/${id}/cancellation`, {})
  return true
}

/** Ask, then confirm the receipt; true when it was done. */
export async function receive(id: string): Promise<boolean> {
  if (!(await sure('order.receive.sure'))) return false
  await api('PUT', `/orders/${id}/receipt`, {})
  return true
}
